import type { SeriesColumns } from '../../core/query/series.ts';
import { smoothed } from '../../core/query/smoothing.ts';
import type { DrawnRun } from './drawn-run.ts';

/** A value that has no height: where it happened, and what it was. */
export interface OddPlace {
  readonly x: number;
  readonly kind: 'nan' | 'infinite';
}

/** One run's curve, ready to be drawn: columns of equal length, in the order they are joined. No DOM. */
export interface Line {
  readonly run: DrawnRun;
  readonly x: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Means of the buckets as they are. */
  readonly mean: Float64Array;
  /** The same after smoothing; null without smoothing. */
  readonly smooth: Float64Array | null;
  /** Values behind each place. */
  readonly count: Float64Array;
  /** 1: not joined to the place before it (NaN or infinity between); 2: joined by a faint bridge (values are missing). */
  readonly joint: Uint8Array;
  readonly odd: readonly OddPlace[];
  /** Some place stands for more than one value. */
  readonly bundled: boolean;
  /** x never goes back. */
  readonly ordered: boolean;
  readonly last: number | null;
}

/** A hole this many times wider than usual between two values counts as missing data. */
const HOLE = 12;

/** The curve of one run from the buckets that the server gave. `smoothing` is 0 (none) to below 1. */
export function lineOf(run: DrawnRun, columns: SeriesColumns, smoothing: number): Line {
  const places: number[] = [];
  const odd: OddPlace[] = [];
  const broken = new Set<number>();
  for (let at = 0; at < columns.length; at++) {
    const x = middle(columns.xMin[at] ?? NaN, columns.xMax[at] ?? NaN);
    if (Number.isNaN(x)) continue;
    const nan = columns.nan[at] ?? 0;
    const infinite = columns.inf[at] ?? 0;
    if (nan > 0) odd.push({ x, kind: 'nan' });
    else if (infinite > 0) odd.push({ x, kind: 'infinite' });
    const whole = (columns.count[at] ?? 0) > 0;
    if (whole) places.push(at);
    if (nan + infinite > 0) {
      if (whole) broken.add(places.length - 1);
      broken.add(places.length);
    }
  }
  const take = (column: Float64Array) => Float64Array.from(places, (at) => column[at] ?? NaN);
  const x = Float64Array.from(places, (at) => middle(columns.xMin[at] ?? NaN, columns.xMax[at] ?? NaN));
  const mean = take(columns.mean);
  const count = take(columns.count);
  return {
    run,
    x,
    low: take(columns.min),
    high: take(columns.max),
    mean,
    smooth: smoothing > 0 ? smoothed(x, mean, smoothing) : null,
    count,
    joint: jointsOf(x, broken),
    odd,
    bundled: count.some((values) => values > 1),
    ordered: isOrdered(x),
    last: columns.last,
  };
}

function middle(low: number, high: number): number {
  return low === high ? low : low + (high - low) / 2;
}

function isOrdered(x: Float64Array): boolean {
  for (let at = 1; at < x.length; at++) if ((x[at] as number) < (x[at - 1] as number)) return false;
  return true;
}

function jointsOf(x: Float64Array, broken: ReadonlySet<number>): Uint8Array {
  const joint = new Uint8Array(x.length);
  const steps: number[] = [];
  for (let at = 1; at < x.length; at++) steps.push(Math.abs((x[at] as number) - (x[at - 1] as number)));
  const usual = [...steps].sort((a, b) => a - b)[steps.length >> 1] ?? 0;
  for (let at = 1; at < x.length; at++) {
    if (broken.has(at)) joint[at] = 1;
    else if (steps.length >= 8 && usual > 0 && (steps[at - 1] as number) > HOLE * usual) joint[at] = 2;
  }
  return joint;
}

/** Index of the place whose x is nearest to `x`; −1 for a line without places. */
export function nearestPlace(line: Line, x: number): number {
  const { length } = line.x;
  if (length === 0) return -1;
  if (!line.ordered) {
    let best = 0;
    for (let at = 1; at < length; at++)
      if (Math.abs((line.x[at] as number) - x) < Math.abs((line.x[best] as number) - x)) best = at;
    return best;
  }
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const between = (low + high) >> 1;
    if ((line.x[between] as number) < x) low = between + 1;
    else high = between;
  }
  return low > 0 && x - (line.x[low - 1] as number) < (line.x[low] as number) - x ? low - 1 : low;
}
