import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketDifference, bucketOracle, type Cell } from '../../../../core/query/bucket-oracle.ts';
import { bucketsOf } from '../../../../core/query/bucket.ts';
import type { Nodes } from '../../../../core/query/nodes.ts';
import { KeyLadder, type KeySource, pageRows, SEGMENT_ROWS, segmentValues, type SegmentValues } from './key-ladder.ts';
import { decodeNodes, encodeNodes } from './nodes-codec.ts';

/** A key in memory, whose pages that end before `pagedRows` are stored, through their bytes. */
class MemorySource implements KeySource {
  readonly rows: number;
  readonly #column: readonly Cell[];
  readonly #pagedRows: number;

  constructor(column: readonly Cell[], pagedRows: number) {
    this.#column = column;
    this.rows = column.length;
    this.#pagedRows = pagedRows;
  }

  segment(segment: number): SegmentValues | null {
    const cells = this.#column.slice(segment * SEGMENT_ROWS, (segment + 1) * SEGMENT_ROWS);
    const held = cells.flatMap((cell, row) => (cell === undefined ? [] : [row]));
    if (held.length === 0) return null;
    const values = Float64Array.from(held, (row) => cells[row] as number);
    return segmentValues(held.length === cells.length ? null : held, values, cells.length);
  }

  segmentNodes(_segment: number, make: () => Nodes | null): Nodes | null {
    return make();
  }

  page(level: number, page: number, make: () => Nodes): Nodes | null {
    if ((page + 1) * pageRows(level) > this.#pagedRows) return make();
    const nodes = make();
    const empty = nodes.count.every((count, i) => count + (nodes.nan[i] ?? 0) + (nodes.inf[i] ?? 0) === 0);
    return empty ? null : decodeNodes(encodeNodes(nodes));
  }
}

function walk(length: number, seed: number, density: number, special: number): Cell[] {
  let state = seed;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  let level = 0;
  return Array.from({ length }, () => {
    level += random() - 0.5;
    if (random() >= density) return undefined;
    if (random() < special) return random() < 0.5 ? Number.NaN : Infinity;
    return level;
  });
}

test('a ladder of pages, segments and an open end answers as the oracle does', () => {
  fc.assert(
    fc.property(
      fc.record({
        rows: fc.constantFrom(1, 63, 4_095, 4_097, 65_536, 70_001, 200_000),
        paged: fc.double({ min: 0, max: 1, noNaN: true }),
        seed: fc.integer({ min: 1, max: 2 ** 31 - 2 }),
        density: fc.constantFrom(1, 1, 0.5, 0.001),
        special: fc.constantFrom(0, 0.01),
        climbing: fc.boolean(),
        buckets: fc.constantFrom(1, 7, 100, 1_000),
        window: fc.option(
          fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
        ),
      }),
      ({ rows, paged, seed, density, special, climbing, buckets, window }) => {
        const y = walk(rows, seed, density, special);
        const x = climbing ? y.map((_, row) => 3 * row + 5) : walk(rows, seed + 1, 1, 0);
        const scale = climbing ? 3 * rows : 100;
        const query = {
          rows,
          buckets,
          ...(window === null ? {} : { from: Math.min(...window) * scale, to: Math.max(...window) * scale }),
        };
        const pagedRows = Math.floor(paged * rows);
        const ladders = [y, x].map((column) => new KeyLadder(new MemorySource(column, pagedRows)));
        const answer = bucketsOf(ladders[0] as KeyLadder, ladders[1] as KeyLadder, query);
        expect(bucketDifference(answer, bucketOracle(y, x, query))).toBeNull();
      },
    ),
    { numRuns: 20 },
  );
});
