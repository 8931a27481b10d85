import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalToDouble } from './decimal.ts';

/** Cuts digits as the scanner does: 15 at most in front, up to 4 behind. */
function scaled(digits: string, exponent: number): number {
  const head = digits.slice(0, 15);
  const tail = digits.slice(15);
  return decimalToDouble(Number(head), Number(tail === '' ? 0 : tail), tail.length, exponent);
}

/** The nearest double, or NaN where the method does not decide. */
function nearest(digits: string, exponent: number): number[] {
  return [NaN, Number(`${digits}e${exponent}`)];
}

const digits = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 18 }))
  .map(([first, rest]) => [first, ...rest].join(''));

test('what is decided is the nearest double', () => {
  fc.assert(
    fc.property(digits, fc.integer({ min: -30, max: 25 }), (text, exponent) => {
      expect(scaled(text, exponent)).toBeOneOf(nearest(text, exponent));
    }),
    { numRuns: 50_000 },
  );
});

test('doubles as they are printed come back, and nearly all of them without asking Number', () => {
  let undecided = 0;
  const runs = 50_000;
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 1e6, noDefaultInfinity: true, noNaN: true }), (value) => {
      const [whole = '', fraction = ''] = String(value).split('.');
      const text = `${whole}${fraction}`.replace(/^0+/, '');
      const found = scaled(text, -fraction.length);
      if (Number.isNaN(found)) undecided++;
      expect(found).toBeOneOf([NaN, value]);
    }),
    { numRuns: runs },
  );
  expect(undecided).toBeLessThan(runs / 100);
});

test('halfway between two doubles, and one unit of the last digit beside it', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
      fc.integer({ min: 0, max: 22 }),
      (whole, places) => {
        // The middle between two neighbours of 54 to 63 bits ends in 1 followed by zeros.
        const bits = BigInt(whole.toString(2).length - 53);
        const middle = ((whole >> bits) << bits) + (1n << (bits - 1n));
        for (const near of [middle - 1n, middle, middle + 1n]) {
          expect(scaled(String(near), -places)).toBeOneOf(nearest(String(near), -places));
        }
      },
    ),
    { numRuns: 10_000 },
  );
});
