import { defineConfig } from 'vitest/config';

/** `npm run test:soak`: many kills and faults; takes minutes. */
export default defineConfig({
  test: {
    include: ['src/**/*.soak.ts', 'interop/**/*.soak.ts'],
    testTimeout: 600_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
