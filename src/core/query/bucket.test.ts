import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketDifference, bucketOracle, type Cell } from './bucket-oracle.ts';
import { type BucketQuery, bucketsOf, totalOf } from './bucket.ts';
import { type Ladder, rowLadder } from './ladder.ts';
import { foldValues } from './nodes.ts';

/** Every node straight from the rows. */
function plainLadder(column: readonly Cell[]): Ladder {
  return {
    fold(level, index, into, at) {
      const cells = column.slice(index * 2 ** level, (index + 1) * 2 ** level).filter((cell) => cell !== undefined);
      foldValues(into, at, Float64Array.from(cells), 0, cells.length);
    },
  };
}

const value = fc.oneof(
  { weight: 6, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 3, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 1e308) },
);
const cell: fc.Arbitrary<Cell> = fc.oneof(
  { weight: 4, arbitrary: value },
  { weight: 1, arbitrary: fc.constant(undefined) },
);
const rows = fc.array(fc.record({ y: cell, x: cell }), { maxLength: 200 });
const sparseRows = fc.array(
  fc.record({
    y: fc.oneof({ weight: 30, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: cell }),
    x: cell,
  }),
  { minLength: 100, maxLength: 300 },
);
const climbing = fc
  .array(fc.record({ y: cell, step: fc.integer({ min: 0, max: 5 }) }), { maxLength: 200 })
  .map((list) => {
    let x = 0;
    return list.map(({ y, step }) => ({ y, x: (x += step) }));
  });
const bound = fc.option(fc.oneof(value, fc.integer({ min: 0, max: 400 })), { nil: undefined });
const buckets = fc.integer({ min: 1, max: 60 });

function queryOf(length: number, from: number | undefined, to: number | undefined, n: number): BucketQuery {
  return { rows: length, buckets: n, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

describe('buckets of any rows', () => {
  test('are the oracle’s, with gaps, NaN, infinities, windows, and x that goes back', () => {
    fc.assert(
      fc.property(fc.oneof(rows, sparseRows, climbing), bound, bound, buckets, (list, from, to, n) => {
        const y = list.map((row) => row.y);
        const x = list.map((row) => row.x);
        const query = queryOf(list.length, from, to, n);
        const answer = bucketsOf(plainLadder(y), plainLadder(x), query);
        expect(bucketDifference(answer, bucketOracle(y, x, query))).toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });

  test('fall back to row numbers', () => {
    fc.assert(
      fc.property(rows, bound, bound, buckets, (list, from, to, n) => {
        const y = list.map((row) => row.y);
        const query = queryOf(list.length, from, to, n);
        const answer = bucketsOf(plainLadder(y), rowLadder(list.length), query);
        expect(bucketDifference(answer, bucketOracle(y, null, query))).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  test('number between N and 2N wherever so many rows hold a value, each row once', () => {
    fc.assert(
      fc.property(fc.oneof(rows, sparseRows), buckets, (list, n) => {
        const y = list.map((row) => row.y);
        const held = y.filter((item) => item !== undefined).length;
        const answer = bucketsOf(plainLadder(y), rowLadder(y.length), queryOf(y.length, undefined, undefined, n));
        expect(answer.length).toBeGreaterThanOrEqual(Math.min(n, held));
        expect(answer.length).toBeLessThanOrEqual(2 * n);
        const counted = [answer.count, answer.nan, answer.inf].flatMap((column) => [...column]);
        expect(counted.reduce((sum, part) => sum + part, 0)).toBe(held);
      }),
      { numRuns: 300 },
    );
  });

  test('come with the total and the last finite value of the whole series', () => {
    fc.assert(
      fc.property(fc.oneof(rows, sparseRows), (list) => {
        const y = list.map((row) => row.y);
        const held = y.filter((item) => item !== undefined);
        const last = held.findLast((item) => Number.isFinite(item)) ?? null;
        expect(totalOf(plainLadder(y), y.length)).toEqual({ total: held.length, last });
      }),
      { numRuns: 300 },
    );
  });
});
