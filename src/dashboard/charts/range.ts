import type { Line } from './line.ts';

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** From the first to the last place of all lines; null when there is none. On a log axis only what is above zero. */
export function xRange(lines: readonly Line[], log: boolean): Range | null {
  let min = Infinity;
  let max = -Infinity;
  for (const { x } of lines)
    for (const value of x) {
      if (log && value <= 0) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  if (min > max) return null;
  return min < max ? { min, max } : around(min, log);
}

/** What the lines reach inside `window`, with a little room; null when nothing is there. */
export function yRange(lines: readonly Line[], window: Range, log: boolean): Range | null {
  let min = Infinity;
  let max = -Infinity;
  for (const { x, low, high } of lines)
    for (let at = 0; at < x.length; at++) {
      const place = x[at] as number;
      if (place < window.min || place > window.max) continue;
      const bottom = low[at] as number;
      const top = high[at] as number;
      if (bottom < min && (!log || bottom > 0)) min = bottom;
      if (top > max && (!log || top > 0)) max = top;
      if (log && top > 0 && top < min) min = top;
    }
  if (min > max) return null;
  if (min === max) return around(min, log);
  if (log) {
    const room = (max / min) ** 0.05;
    return { min: min / room, max: max * room };
  }
  const room = (max - min) * 0.05;
  return { min: min - room, max: max + room };
}

function around(value: number, log: boolean): Range {
  if (log) return { min: value / 2, max: value * 2 };
  const room = value === 0 ? 1 : Math.abs(value) * 0.1;
  return { min: value - room, max: value + room };
}

/** How many places of the lines a log axis cannot show. */
export function hiddenByLog(lines: readonly Line[]): number {
  let hidden = 0;
  for (const { high } of lines) for (const value of high) if (value <= 0) hidden++;
  return hidden;
}
