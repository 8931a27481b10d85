import type { Axis } from '../../core/query/series.ts';
import { Signal } from '../data/signal.ts';

/** Where the pointer stands, on the x axis of all panels that share it (see `axisIdentity`); null when it is over none. */
export const crosshair = new Signal<{ readonly axis: string; readonly x: number } | null>(null);

/** The run that stands out on charts and in the table, because the pointer is near it; null: none. */
export const emphasis = new Signal<string | null>(null);

/** Equal for axes with the same places. */
export function axisIdentity(axis: Axis): string {
  return `${axis.kind} ${axis.key ?? ''}`;
}
