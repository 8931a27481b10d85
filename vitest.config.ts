import { defineConfig } from 'vitest/config';

const SHARED = { pool: 'forks', testTimeout: 60_000, hookTimeout: 60_000 } as const;

export default defineConfig({
  test: {
    globalSetup: ['interop/skip-list.ts'],
    maxWorkers: 2,
    projects: [
      { test: { ...SHARED, name: 'unit', include: ['{src,tools,examples}/**/*.test.ts'] } },
      // Limits for what hangs, not for what is slow: here whole programs share a busy machine.
      {
        test: {
          ...SHARED,
          name: 'interop',
          include: ['interop/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      { test: { ...SHARED, name: 'soak', include: ['interop/**/*.soak.ts'], testTimeout: 900_000 } },
    ],
  },
});
