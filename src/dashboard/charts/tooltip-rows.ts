import { nearestPlace, type Line, type OddPlace } from './line.ts';
import type { DrawnRun } from './drawn-run.ts';
import type { Range } from './range.ts';

export interface TooltipRow {
  readonly run: DrawnRun;
  /** What the curve shows: the smoothed value where smoothing is on. */
  readonly value: number;
  /** Instead of the value, where it has no height. */
  readonly odd: OddPlace['kind'] | null;
  /** Bounds of the values behind this place; null when it is one value. */
  readonly bounds: readonly [number, number] | null;
  readonly x: number;
}

export interface Tooltip {
  /** By value, highest first. */
  readonly rows: readonly TooltipRow[];
  /** The run whose curve is nearest to the pointer; null when none is near. */
  readonly nearest: string | null;
  /** Rows left out because there are too many. */
  readonly more: number;
}

const ROWS_MAX = 14;
/** A curve farther from the pointer than this part of the plot's height is not near. */
const NEAR = 0.08;
/** A run that ends this part of the plot's width before the pointer has no value there. */
const REACH = 0.02;

/** What the curves say at `x`, with `y` the pointer's height on the axis. Rows around the nearest when there are many. */
export function tooltipAt(lines: readonly Line[], x: number, y: number, view: { x: Range; y: Range }): Tooltip {
  const reach = (view.x.max - view.x.min) * REACH;
  const rows: TooltipRow[] = [];
  for (const line of lines) {
    const at = nearestPlace(line, x);
    const place = at < 0 ? NaN : (line.x[at] as number);
    const odd = nearestOdd(line, x);
    if (odd !== null && !(Math.abs(place - x) < Math.abs(odd.x - x))) {
      rows.push({ run: line.run, value: NaN, odd: odd.kind, bounds: null, x: odd.x });
      continue;
    }
    if (at < 0) continue;
    const ends = [line.x[0] as number, line.x[line.x.length - 1] as number] as const;
    if (line.ordered && (x < ends[0] - reach || x > ends[1] + reach)) continue;
    const single = (line.count[at] as number) <= 1;
    rows.push({
      run: line.run,
      odd: null,
      value: (line.smooth ?? line.mean)[at] as number,
      bounds: single ? null : [line.low[at] as number, line.high[at] as number],
      x: place,
    });
  }
  rows.sort((a, b) => (Number.isNaN(a.value) ? 1 : Number.isNaN(b.value) ? -1 : b.value - a.value));
  let near = -1;
  for (const [index, row] of rows.entries()) {
    const best = rows[near];
    if (Number.isNaN(row.value)) continue;
    if (best === undefined || Math.abs(row.value - y) < Math.abs(best.value - y)) near = index;
  }
  const nearRow = rows[near];
  const nearest =
    nearRow !== undefined && Math.abs(nearRow.value - y) < (view.y.max - view.y.min) * NEAR ? nearRow.run.id : null;
  const start = Math.max(0, Math.min(near - ROWS_MAX / 2, rows.length - ROWS_MAX));
  return { rows: rows.slice(start, start + ROWS_MAX), nearest, more: Math.max(0, rows.length - ROWS_MAX) };
}

function nearestOdd({ odd }: Line, x: number): OddPlace | null {
  let best: OddPlace | null = null;
  for (const place of odd) if (best === null || Math.abs(place.x - x) < Math.abs(best.x - x)) best = place;
  return best;
}
