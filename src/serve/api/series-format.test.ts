import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SeriesColumns } from '../../core/query/series.ts';
import { decodeSeries, encodeSeries } from './series-format.ts';

function series(length: number, value: (name: string, i: number) => number): SeriesColumns {
  const column = (name: string): Float64Array => Float64Array.from({ length }, (_, i) => value(name, i));
  return {
    length,
    xMin: column('xMin'),
    xMax: column('xMax'),
    min: column('min'),
    max: column('max'),
    mean: column('mean'),
    count: column('count'),
    nan: column('nan'),
    inf: column('inf'),
    row0: column('row0'),
    span: 64,
    rowEnd: 64 * length,
    total: 1e9,
    last: length % 2 === 0 ? null : -0.5,
    version: 17,
  };
}

const anySeries: fc.Arbitrary<SeriesColumns | null> = fc.option(
  fc.integer({ min: 0, max: 40 }).chain((length) =>
    fc
      .array(fc.oneof(fc.double(), fc.integer({ min: 0, max: 3 })), { minLength: 9 * length, maxLength: 9 * length })
      .map((numbers) => {
        let used = 0;
        return series(length, () => numbers[used++] ?? 0);
      }),
  ),
);

/** As a chart of a long noisy run has it, a bucket of 64 rows each and a last one of 3. */
function noisy(length: number, x: (row: number) => number): SeriesColumns {
  const noise = (i: number, salt: number): number => Math.sin(i * 12.9898 + salt) * 43_758.5453;
  return series(length, (name, i) => {
    const rows = i === length - 1 ? 3 : 64;
    if (name === 'row0') return 64 * i;
    if (name === 'xMin') return x(64 * i);
    if (name === 'xMax') return x(64 * i + rows - 1);
    if (name === 'count') return rows;
    if (name === 'nan' || name === 'inf') return 0;
    return noise(i, name === 'min' ? 1 : name === 'max' ? 2 : 3);
  });
}

describe('series on the wire', () => {
  test('come back as they were, to the bit', () => {
    fc.assert(
      fc.property(fc.array(anySeries, { maxLength: 6 }), (given) => {
        expect(decodeSeries(encodeSeries(given))).toEqual(given);
      }),
      { numRuns: 500 },
    );
  });

  test('take at most 30 bytes a bucket: by step less, by a jittering clock no more', () => {
    const byStep = noisy(1_000, (row) => row);
    const jitter = (row: number): number => 1.79e9 + row * 0.1 + ((row * 7_919) % 1_000) * 3e-6;
    const byClock = noisy(1_000, jitter);
    expect(decodeSeries(encodeSeries([byStep, byClock]))).toEqual([byStep, byClock]);
    expect(encodeSeries([byStep]).length / 1_000).toBeLessThan(25);
    expect(encodeSeries([byClock]).length / 1_000).toBeLessThan(30);
  });

  test('cost a third where every bucket is one row', () => {
    const rows = series(1_000, (name, i) =>
      name === 'count' ? 1 : name === 'nan' || name === 'inf' ? 0 : Math.sin(i),
    );
    expect(encodeSeries([rows]).length / 1_000).toBeLessThan(10);
  });

  test('damaged bytes throw a RangeError or are read as something, and never hang', () => {
    const bytes = encodeSeries([noisy(100, (row) => row * 1.1), null, noisy(3, (row) => row)]);
    const outcome = (damaged: Uint8Array): string => {
      try {
        return decodeSeries(damaged).length <= damaged.length ? 'read' : 'too much';
      } catch (error) {
        return error instanceof RangeError ? 'refused' : String(error);
      }
    };
    const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 5 });
    fc.assert(
      fc.property(changes, fc.nat(bytes.length), (places, length) => {
        const damaged = bytes.slice();
        for (const [at, byte] of places) damaged[at] = byte;
        expect(['read', 'refused']).toContain(outcome(damaged));
        expect(['read', 'refused']).toContain(outcome(damaged.subarray(0, length)));
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(outcome(noise)).toBe('refused');
      }),
    );
  });
});
