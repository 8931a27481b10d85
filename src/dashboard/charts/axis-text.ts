import type { Axis } from '../../core/query/series.ts';
import { tickText, valueText } from '../words/number.ts';
import { clockText, durationText, momentText } from '../words/time.ts';

/** A place on the horizontal axis in words: "step 1200", "2 h 41 m", "2026-11-22 06:30:05", "epoch 3". */
export function placeText(axis: Axis, x: number): string {
  if (axis.kind === 'relative') return durationText(x);
  if (axis.kind === 'wall') return momentText(x * 1000);
  if (axis.kind === 'metric') return `${axis.key ?? ''} ${valueText(x)}`;
  return `${axis.kind} ${Number.isInteger(x) ? x.toLocaleString('en-US') : valueText(x)}`;
}

/** Labels of the horizontal axis for the places chosen. */
export function tickTexts(axis: Axis, splits: readonly number[]): string[] {
  if (axis.kind === 'relative') return splits.map(shortDuration);
  if (axis.kind !== 'wall') return splits.map(tickText);
  const span = (splits.at(-1) ?? 0) - (splits[0] ?? 0);
  return splits.map((second) => {
    const moment = momentText(second * 1000);
    if (span >= 2 * 86_400 || moment.endsWith('00:00:00')) return moment.slice(5, 10);
    return span < 240 ? clockText(second * 1000) : clockText(second * 1000).slice(0, 5);
  });
}

function shortDuration(seconds: number): string {
  if (Math.abs(seconds) < 60) return `${tickText(seconds)}\u202fs`;
  if (Math.abs(seconds) < 3600) return `${tickText(Math.round((seconds / 60) * 100) / 100)}\u202fm`;
  if (Math.abs(seconds) < 172_800) return `${tickText(Math.round((seconds / 3600) * 100) / 100)}\u202fh`;
  return `${tickText(Math.round((seconds / 86_400) * 100) / 100)}\u202fd`;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Distances between labels that read well on an axis of seconds. */
export const TIME_STEPS: readonly number[] = [
  0.01,
  0.1,
  0.5,
  1,
  2,
  5,
  10,
  20,
  30,
  ...[1, 2, 5, 10, 20, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((days) => days * DAY),
];
