import type { BucketQuery, Buckets } from './bucket.ts';

/** A cell of a plain column: undefined where the row lacks the key. */
export type Cell = number | undefined;

/**
 * What `bucketsOf` must answer, worked out the slow and obvious way from plain columns. `x` null: row numbers. Counts and
 * extremes are to be equal; means to 1e-12 of the greatest magnitude in the bucket.
 */
export function bucketOracle(y: readonly Cell[], x: readonly Cell[] | null, query: BucketQuery): Buckets {
  const xs = x ?? y.map((_, row) => row);
  let span = 1;
  while (y.length / span > query.buckets) span *= 2;
  for (; ; span /= 2) {
    const row0s: number[] = [];
    for (let row0 = 0; row0 < y.length; row0 += span) {
      if (cellsIn(y, row0, span).length > 0 && meets(cellsIn(xs, row0, span), query)) row0s.push(row0);
    }
    if (row0s.length < query.buckets && span > 1) continue;
    return describe(y, xs, withNeighbours(y, xs, query, row0s, span), span);
  }
}

/** The stretches that hold a value next to those of a window, or next to where it lies between two rows. */
function withNeighbours(
  y: readonly Cell[],
  xs: readonly Cell[],
  { from, to }: BucketQuery,
  row0s: readonly number[],
  span: number,
): readonly number[] {
  if (from === undefined && to === undefined) return row0s;
  const beyond = xs.findIndex((value) => value !== undefined && Number.isFinite(value) && value > (to ?? Infinity));
  const gap = beyond < 0 ? y.length : beyond;
  const held = new Set(y.flatMap((cell, row) => (cell === undefined ? [] : [row - (row % span)])));
  const before = [...held].filter((row0) => row0 < (row0s[0] ?? gap)).slice(-1);
  const behind = [...held].filter((row0) => row0 > (row0s.at(-1) ?? gap - 1)).slice(0, 1);
  return [...before, ...row0s, ...behind];
}

function cellsIn(column: readonly Cell[], row0: number, span: number): number[] {
  return column.slice(row0, row0 + span).filter((cell) => cell !== undefined);
}

function meets(xs: readonly number[], { from, to }: BucketQuery): boolean {
  if (from === undefined && to === undefined) return true;
  const finite = xs.filter((value) => Number.isFinite(value));
  if (finite.length === 0) return false;
  return least(finite) <= (to ?? Infinity) && greatest(finite) >= (from ?? -Infinity);
}

/** The first of the least values, NaN of none. */
function least(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((best, value) => (value < best ? value : best));
}

function greatest(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((best, value) => (value > best ? value : best));
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((mean, value) => mean + value / values.length, 0);
}

function describe(y: readonly Cell[], xs: readonly Cell[], row0s: readonly number[], span: number): Buckets {
  const values = row0s.map((row0) => cellsIn(y, row0, span));
  const finite = values.map((cells) => cells.filter((value) => Number.isFinite(value)));
  const finiteXs = row0s.map((row0) => cellsIn(xs, row0, span).filter((value) => Number.isFinite(value)));
  const column = <T>(of: readonly T[], number: (item: T) => number): Float64Array => Float64Array.from(of, number);
  return {
    length: row0s.length,
    xMin: column(finiteXs, least),
    xMax: column(finiteXs, greatest),
    min: column(finite, least),
    max: column(finite, greatest),
    mean: column(finite, meanOf),
    count: column(finite, (cells) => cells.length),
    nan: column(values, (cells) => cells.filter((value) => Number.isNaN(value)).length),
    inf: column(values, (cells) => cells.filter((value) => Math.abs(value) === Infinity).length),
    row0: Float64Array.from(row0s),
    span,
    rowEnd: row0s.length === 0 ? 0 : Math.min(y.length, (row0s.at(-1) ?? 0) + span),
  };
}

/** Around the smallest doubles there are no twelve digits to compare. */
const SMALL = 2 ** -1_060;
const EXACT = ['xMin', 'xMax', 'min', 'max', 'count', 'nan', 'inf', 'row0'] as const;

/** The first thing in which an answer differs from the oracle's, told to people; null when there is none. */
export function bucketDifference(answer: Buckets, oracle: Buckets): string | null {
  for (const name of ['length', 'span', 'rowEnd'] as const) {
    if (answer[name] !== oracle[name]) return `${name} is ${answer[name]}, not ${oracle[name]}`;
  }
  for (let i = 0; i < oracle.length; i++) {
    for (const name of EXACT) {
      if (!Object.is(answer[name][i], oracle[name][i]))
        return `${name}[${i}] is ${answer[name][i]}, not ${oracle[name][i]}`;
    }
    const error = Math.abs((answer.mean[i] as number) - (oracle.mean[i] as number));
    const scale = Math.max(Math.abs(oracle.min[i] as number), Math.abs(oracle.max[i] as number));
    const same = Object.is(answer.mean[i], oracle.mean[i]) || error <= 1e-12 * scale + SMALL;
    if (!same) return `mean[${i}] is ${answer.mean[i]}, not ${oracle.mean[i]}`;
  }
  return null;
}
