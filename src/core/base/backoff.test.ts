import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';

test('waits double from the first to the cap, with at most a quarter more by chance', () => {
  const backoff = { firstMs: 2000, capMs: 60_000 };
  expect([1, 2, 3, 4, 5, 6, 7].map((failures) => backoffMs(failures, backoff, 0))).toEqual([
    2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000,
  ]);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (failures, chance) => {
        const waitMs = backoffMs(failures, backoff, chance);
        expect(waitMs).toBeGreaterThanOrEqual(2000);
        expect(waitMs).toBeLessThanOrEqual(75_000);
      },
    ),
  );
});
