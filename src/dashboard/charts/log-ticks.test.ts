import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logTicks } from './log-ticks.ts';

test.for([
  [0.14, 3, [0.2, 0.5, 1, 2]],
  [1, 1000, [1, 10, 100, 1000]],
  [2.1, 2.9, [2.1, 2.9]],
] as const)('from %d to %d', ([min, max, ticks]) => expect(logTicks(min, max)).toEqual(ticks));

test('at most five labels, inside the axis, at least one', () => {
  const exponent = fc.double({ min: -30, max: 30, noNaN: true });
  fc.assert(
    fc.property(exponent, fc.double({ min: 0.01, max: 30, noNaN: true }), (low, reach) => {
      const [min, max] = [10 ** low, 10 ** (low + reach)];
      const ticks = logTicks(min, max);
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThanOrEqual(5);
      for (const tick of ticks) {
        expect(tick).toBeGreaterThanOrEqual(min);
        expect(tick).toBeLessThanOrEqual(max);
      }
    }),
  );
});
