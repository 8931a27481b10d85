import { defineConfig } from 'vitest/config';

const SHARED = { pool: 'forks', testTimeout: 60_000, hookTimeout: 60_000 } as const;

export default defineConfig({
  test: {
    globalSetup: ['interop/skip-list.ts'],
    maxWorkers: 2,
    projects: [
      { test: { ...SHARED, name: 'unit', include: ['{src,tools,examples}/**/*.test.ts'] } },
      { test: { ...SHARED, name: 'interop', include: ['interop/**/*.test.ts'] } },
      { test: { ...SHARED, name: 'soak', include: ['interop/**/*.soak.ts'], testTimeout: 900_000 } },
    ],
  },
});
