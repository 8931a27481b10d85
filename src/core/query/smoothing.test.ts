import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smoothed } from './smoothing.ts';

const ramp = (length: number) => Float64Array.from({ length }, (_, index) => index);

test('a constant stays what it is, from its first value on', () => {
  const out = smoothed(ramp(50), new Float64Array(50).fill(7), 0.95);
  for (const value of out) expect(value).toBeCloseTo(7, 12);
});

test('weight 0 changes nothing', () => {
  const y = Float64Array.from([3, 1, 4, 1, 5]);
  expect(smoothed(ramp(5), y, 0)).toEqual(y);
});

test('a step is followed slowly, and more slowly with more weight', () => {
  const y = Float64Array.from({ length: 100 }, (_, index) => (index < 50 ? 0 : 1));
  const light = smoothed(ramp(100), y, 0.5);
  const heavy = smoothed(ramp(100), y, 0.95);
  expect(light[55]).toBeGreaterThan(heavy[55] as number);
  expect(heavy[99]).toBeGreaterThan(0.9);
});

test('a value that is not finite leaves a hole and no trace behind it', () => {
  const out = smoothed(ramp(4), Float64Array.from([1, NaN, Infinity, 1]), 0.9);
  expect([...out]).toEqual([1, NaN, NaN, 1]);
});

test('the smoothed curve never leaves the range of what it smooths, whatever x does', () => {
  const finite = fc.double({ min: -1e9, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(finite, finite), { minLength: 1 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (points, w) => {
        const y = points.map((point) => point[1]);
        const slack = 1e-6 * Math.max(1, ...y.map(Math.abs));
        for (const value of smoothed(
          Float64Array.from(points, (point) => point[0]),
          Float64Array.from(y),
          w,
        )) {
          expect(value).toBeGreaterThanOrEqual(Math.min(...y) - slack);
          expect(value).toBeLessThanOrEqual(Math.max(...y) + slack);
        }
      },
    ),
  );
});
