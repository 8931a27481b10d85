import { emptyNodes, foldNodes, type Nodes, valuesIn } from './nodes.ts';
import type { SeriesColumns } from './series.ts';

/**
 * The values of one key at every level: node `index` of level L covers the rows from `index * 2^L` up to
 * `(index + 1) * 2^L`. Level 0 is the rows themselves.
 */
export interface Ladder {
  /** Sets node `at` of `into`. */
  fold(level: number, index: number, into: Nodes, at: number): void;
}

export interface BucketQuery {
  /** Rows in the stream. */
  readonly rows: number;
  /** In units of x, both inclusive. Absent: as far as there is data. */
  readonly from?: number;
  readonly to?: number;
  /** Fewest buckets wanted. */
  readonly buckets: number;
}

export type Buckets = Omit<SeriesColumns, 'total' | 'last' | 'version'>;

/**
 * The buckets of a series. Candidates at a level are the nodes that hold a value of y and, where a window is given, whose
 * range of x meets it. Beginning with the lowest level that has at most `buckets` nodes, the first level downwards with at
 * least `buckets` candidates is taken, or else the rows themselves; since a candidate's parent is one too, there are never
 * more than twice as many.
 */
export function bucketsOf(y: Ladder, x: Ladder, query: BucketQuery): Buckets {
  const { level, indices } = chooseNodes(y, x, query);
  const nodes = emptyNodes(indices.length);
  const xs = emptyNodes(indices.length);
  indices.forEach((index, at) => {
    y.fold(level, index, nodes, at);
    x.fold(level, index, xs, at);
  });
  const span = 2 ** level;
  const { min, max, mean, count, nan, inf } = nodes;
  const row0 = Float64Array.from(indices, (index) => index * span);
  const rowEnd = indices.length === 0 ? 0 : Math.min(query.rows, ((indices.at(-1) ?? 0) + 1) * span);
  return { length: indices.length, xMin: xs.min, xMax: xs.max, min, max, mean, count, nan, inf, row0, span, rowEnd };
}

function chooseNodes(y: Ladder, x: Ladder, query: BucketQuery): { level: number; indices: readonly number[] } {
  const { rows, buckets, from = -Infinity, to = Infinity } = query;
  const whole = query.from === undefined && query.to === undefined;
  const one = emptyNodes(1);
  const isCandidate = (level: number, index: number): boolean => {
    if (!whole) {
      x.fold(level, index, one, 0);
      if (!((one.min[0] as number) <= to && (one.max[0] as number) >= from)) return false;
    }
    y.fold(level, index, one, 0);
    return valuesIn(one, 0) > 0;
  };
  let level = topLevel(rows, buckets);
  let indices: number[] = [];
  for (let index = 0; index * 2 ** level < rows; index++) if (isCandidate(level, index)) indices.push(index);
  while (indices.length < buckets && level > 0) {
    level--;
    const children: number[] = [];
    for (const index of indices) {
      for (const child of [2 * index, 2 * index + 1]) {
        if (child * 2 ** level < rows && isCandidate(level, child)) children.push(child);
      }
    }
    indices = children;
  }
  return { level, indices };
}

/** The lowest level with at most `nodes` nodes. */
function topLevel(rows: number, nodes: number): number {
  let level = 0;
  while (Math.ceil(rows / 2 ** level) > nodes) level++;
  return level;
}

/** How many rows hold a value of the key, and its last finite value. */
export function totalOf(y: Ladder, rows: number): { readonly total: number; readonly last: number | null } {
  const one = emptyNodes(1);
  let level = topLevel(rows, 1);
  y.fold(level, 0, one, 0);
  const total = rows === 0 ? 0 : valuesIn(one, 0);
  if (rows === 0 || one.count[0] === 0) return { total, last: null };
  let index = 0;
  while (level > 0) {
    level--;
    index = 2 * index + 1;
    if (index * 2 ** level < rows) y.fold(level, index, one, 0);
    if (index * 2 ** level >= rows || one.count[0] === 0) index--;
  }
  y.fold(0, index, one, 0);
  return { total, last: one.min[0] as number };
}

/** Row numbers as the values of a key that every row holds: x when a chart has no better. */
export function rowLadder(rows: number): Ladder {
  return {
    fold(level, index, into, at) {
      const first = index * 2 ** level;
      const last = Math.min(rows, first + 2 ** level) - 1;
      into.min[at] = first;
      into.max[at] = last;
      into.mean[at] = (first + last) / 2;
      into.count[at] = last - first + 1;
      into.nan[at] = 0;
      into.inf[at] = 0;
    },
  };
}

/** Nodes of one level, of whole nodes of a lower one that lie `2^levels` together. */
export function raiseNodes(source: Nodes, levels: number): Nodes {
  const fan = 2 ** levels;
  const raised = emptyNodes(Math.ceil(source.count.length / fan));
  for (let i = 0; i < raised.count.length; i++) {
    foldNodes(raised, i, source, i * fan, Math.min(source.count.length, (i + 1) * fan));
  }
  return raised;
}
