import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeColumn, encodeColumn } from './column-codec.ts';

/** Bits, with every NaN as one. */
function bits(values: Float64Array): bigint[] {
  const canonical = values.map((value) => (Number.isNaN(value) ? Number.NaN : value));
  return [...new BigUint64Array(canonical.buffer)];
}

function thereAndBack(values: Float64Array): Float64Array {
  return decodeColumn(encodeColumn(values), values.length);
}

const length = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constantFrom(255, 256, 4_095, 4_096));
const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });

/** A repeatable walk, so that long columns need no long list of generated numbers. */
function column(n: number, seed: number, next: (random: () => number, i: number) => number): Float64Array {
  let state = seed;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return Float64Array.from({ length: n }, (_, i) => next(random, i));
}

test('any doubles come back to the bit', () => {
  fc.assert(
    fc.property(fc.float64Array({ maxLength: 300 }), (values) => {
      expect(bits(thereAndBack(values))).toEqual(bits(values));
    }),
    { numRuns: 300 },
  );
});

test('what scripts log comes back to the bit: counters, decimals, floats, clocks, schedules', () => {
  const kinds: ((random: () => number, i: number) => number)[] = [
    (_, i) => i,
    (_, i) => i * 524_288 - 7,
    (random) => Math.round(random() * 1e4) / 1e4,
    (random) => -Math.round(random() * 1e9) / 1e12,
    (random) => Math.fround(random() - 0.5),
    (random) => random() - 0.5,
    (random, i) => 1.79e9 + i * 0.1 + random() * 0.003,
    (random, i) => Math.round((1.79e9 + i * 0.1 + random() * 0.003) * 1e6) / 1e6,
    (_, i) => 3e-4 * 0.5 * (1 + Math.cos(i / 1_000)),
    (random) => (random() < 0.01 ? Number.NaN : random() < 0.5 ? 0 : -0),
    (random) => (random() < 0.01 ? -Infinity : 0.25),
    (random) => Math.floor(random() * 2 ** 53) * (random() < 0.5 ? -1 : 1),
    (random) => random() * Number.MIN_VALUE * 2 ** 40,
    (random) => (random() - 0.5) * 1.7e308,
    (random) => 1 + random(),
    (_, i) => (i === 3_000 ? 1e-9 : 0.5),
  ];
  fc.assert(
    fc.property(length, seeds, fc.constantFrom(...kinds), (n, seed, kind) => {
      const values = column(n, seed, kind);
      expect(bits(thereAndBack(values))).toEqual(bits(values));
    }),
    { numRuns: 400 },
  );
});

test('steps and constants cost next to nothing, decimals and single precision little', () => {
  const bytesPerNumber = (next: (random: () => number, i: number) => number): number =>
    encodeColumn(column(4_096, 7, next)).length / 4_096;
  expect(bytesPerNumber((_, i) => i)).toBeLessThan(0.01);
  expect(bytesPerNumber(() => 0.1)).toBeLessThan(0.01);
  expect(bytesPerNumber((random) => Math.round(random() * 100) / 1e4)).toBeLessThan(1);
  expect(bytesPerNumber((random) => Math.fround(1 + random()))).toBeLessThan(3.1);
  expect(bytesPerNumber((random, i) => 1.79e9 + i * 0.1 + random() * 0.003)).toBeLessThan(2);
});

test('damaged bytes throw or give some numbers, and never hang', () => {
  const outcome = (bytes: Uint8Array, n: number): number => {
    try {
      return decodeColumn(bytes, n).length;
    } catch (error) {
      return error instanceof Error ? n : Number.NaN;
    }
  };
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      seeds,
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      fc.nat(),
      (n, seed, changes, cut) => {
        const bytes = encodeColumn(column(n, seed, (random) => Math.round(random() * 1e6) / 1e3)).slice();
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        expect(outcome(bytes.subarray(0, 1 + (cut % bytes.length)), n)).toBe(n);
      },
    ),
    { numRuns: 300 },
  );
});
