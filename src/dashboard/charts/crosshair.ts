import { Signal } from '../data/signal.ts';

/** Where the pointer stands on the x axis that all panels share; null when it is over none. */
export const crosshair = new Signal<number | null>(null);

/** The run that stands out on charts and in the table, because the pointer is near it; null: none. */
export const emphasis = new Signal<string | null>(null);
