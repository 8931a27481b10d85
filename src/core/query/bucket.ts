import { emptyNodes, type Nodes, unsetNodes, valuesIn } from './nodes.ts';
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
  const { rows, buckets } = query;
  let level = topLevel(rows, buckets);
  let found = candidates(
    y,
    x,
    query,
    level,
    Array.from({ length: Math.ceil(rows / 2 ** level) }, (_, index) => index),
  );
  while (found.indices.length < buckets && level > 0) {
    const { indices } = found;
    // Levels that could not hold enough candidates are not looked at.
    const levels = Math.max(1, Math.floor(Math.log2((buckets - 1) / indices.length)));
    const down = indices.length === 0 ? level : Math.min(level, levels);
    level -= down;
    found = candidates(y, x, query, level, descendants(indices, down, Math.ceil(rows / 2 ** level)));
  }
  return bucketsFrom(found, level, rows);
}

interface Candidates {
  readonly indices: readonly number[];
  readonly ys: Nodes;
  readonly xs: Nodes;
}

/** Those of the nodes that are candidates, with what they hold. */
function candidates(y: Ladder, x: Ladder, query: BucketQuery, level: number, nodes: readonly number[]): Candidates {
  const { from = -Infinity, to = Infinity } = query;
  const windowed = query.from !== undefined || query.to !== undefined;
  const indices: number[] = [];
  const ys = unsetNodes(nodes.length);
  const xs = unsetNodes(nodes.length);
  for (const index of nodes) {
    const at = indices.length;
    if (windowed) {
      x.fold(level, index, xs, at);
      if (!((xs.min[at] as number) <= to && (xs.max[at] as number) >= from)) continue;
    }
    y.fold(level, index, ys, at);
    if (valuesIn(ys, at) > 0) indices.push(index);
  }
  if (!windowed) for (let at = 0; at < indices.length; at++) x.fold(level, indices[at] as number, xs, at);
  return { indices, ys, xs };
}

/** The nodes that lie `levels` below these, as far as the level has nodes. */
function descendants(indices: readonly number[], levels: number, nodes: number): number[] {
  const fan = 2 ** levels;
  const below: number[] = [];
  for (const index of indices) {
    const end = Math.min(nodes, (index + 1) * fan);
    for (let child = index * fan; child < end; child++) below.push(child);
  }
  return below;
}

function bucketsFrom({ indices, ys, xs }: Candidates, level: number, rows: number): Buckets {
  const { length } = indices;
  const span = 2 ** level;
  const column = (values: Float64Array): Float64Array => values.subarray(0, length);
  return {
    length,
    xMin: column(xs.min),
    xMax: column(xs.max),
    min: column(ys.min),
    max: column(ys.max),
    mean: column(ys.mean),
    count: column(ys.count),
    nan: column(ys.nan),
    inf: column(ys.inf),
    row0: Float64Array.from(indices, (index) => index * span),
    span,
    rowEnd: length === 0 ? 0 : Math.min(rows, ((indices[length - 1] as number) + 1) * span),
  };
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
