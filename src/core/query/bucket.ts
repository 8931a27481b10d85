import { firstRowBeyond, nodeBefore, nodeBehind } from './bucket-neighbours.ts';
import { type Ladder, topLevel } from './ladder.ts';
import { emptyNodes, type Nodes, unsetNodes, valuesIn } from './nodes.ts';
import type { SeriesColumns } from './series.ts';

export interface BucketQuery {
  /** Rows in the stream. */
  readonly rows: number;
  /** In units of x, both inclusive. Absent: as far as there is data. */
  readonly from?: number;
  readonly to?: number;
  /** Fewest buckets wanted, where so many rows hold a value. */
  readonly buckets: number;
}

export type Buckets = Omit<SeriesColumns, 'total' | 'last' | 'version'>;

/**
 * The buckets of a series. Candidates at a level are the nodes that hold a value of y and, where a window is given, whose
 * range of x meets it. Beginning with the lowest level that has at most `buckets` nodes, the first level downwards with at
 * least `buckets` candidates is taken, or else the rows themselves; since a candidate's parent is one too, there are never
 * more than twice as many. With a window, the nearest node that holds a value is added on either side, so that lines reach
 * the edges of a chart.
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
  return bucketsFrom(withNeighbours(found, y, x, query, level), level, rows);
}

/** Nodes that were chosen; what they hold begins at place `start` of `ys` and `xs`. */
interface Candidates {
  readonly indices: readonly number[];
  readonly start: number;
  readonly ys: Nodes;
  readonly xs: Nodes;
}

/** Those of the nodes that are candidates, with what they hold. */
function candidates(y: Ladder, x: Ladder, query: BucketQuery, level: number, nodes: readonly number[]): Candidates {
  const { from = -Infinity, to = Infinity } = query;
  const windowed = query.from !== undefined || query.to !== undefined;
  const indices: number[] = [];
  // With room for a neighbour on either side.
  const ys = unsetNodes(nodes.length + 2);
  const xs = unsetNodes(nodes.length + 2);
  for (const index of nodes) {
    const at = indices.length + 1;
    if (windowed) {
      x.fold(level, index, xs, at);
      if (!((xs.min[at] as number) <= to && (xs.max[at] as number) >= from)) continue;
    }
    y.fold(level, index, ys, at);
    if (valuesIn(ys, at) > 0) indices.push(index);
  }
  if (!windowed) for (let i = 0; i < indices.length; i++) x.fold(level, indices[i] as number, xs, i + 1);
  return { indices, start: 1, ys, xs };
}

/** The candidates of a window, and the nodes that hold a value next to them. */
function withNeighbours(found: Candidates, y: Ladder, x: Ladder, query: BucketQuery, level: number): Candidates {
  if (query.from === undefined && query.to === undefined) return found;
  const { indices, ys, xs } = found;
  // Where the window lies between two rows, there is no candidate to look from.
  const gap = indices.length === 0 ? firstRowBeyond(x, query.to ?? Infinity, query.rows) : 0;
  const before = nodeBefore(y, level, indices[0] ?? gap);
  const behind = nodeBehind(y, level, indices.at(-1) ?? gap - 1, query.rows);
  const places = [
    [before, 0],
    [behind, indices.length + 1],
  ] as const;
  for (const [index, at] of places) {
    if (index === null) continue;
    y.fold(level, index, ys, at);
    x.fold(level, index, xs, at);
  }
  const all = [...(before === null ? [] : [before]), ...indices, ...(behind === null ? [] : [behind])];
  return { indices: all, start: before === null ? 1 : 0, ys, xs };
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

function bucketsFrom({ indices, start, ys, xs }: Candidates, level: number, rows: number): Buckets {
  const { length } = indices;
  const span = 2 ** level;
  const column = (values: Float64Array): Float64Array => values.subarray(start, start + length);
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
