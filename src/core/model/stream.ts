import type { LooseJson } from './run.ts';

/**
 * A run has three streams of rows: `history` (what the script logged), `system` (the client's readings of the machine,
 * W&B's "events") and `console` (its output).
 */
export const STREAM_KINDS = ['history', 'system', 'console'] as const;
export type StreamKind = (typeof STREAM_KINDS)[number];

/** What is known of one key of a stream without reading its values. */
export interface KeySummary {
  /** As people write it: nested keys joined by dots (`sub.x`). */
  readonly key: string;
  /** How many rows hold it, by the JSON type of the value. NaN and infinities count as numbers. */
  readonly counts: Readonly<Partial<Record<'number' | 'string' | 'boolean' | 'null' | 'list' | 'object', number>>>;
  /** Only of numbers; null when there is none. `min` and `max` are of finite values. */
  readonly last: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

/** Where a writer of a stream stands. */
export interface StreamExtent {
  /** Rows there are, gaps not counted. */
  readonly rows: number;
  /** The line that this writer's next new row has: one beyond its highest. */
  readonly nextLine: number;
  /** The last row as JSON text, null for an empty stream. */
  readonly tail: LooseJson | null;
}

/** One line of a run's output. */
export interface ConsoleLine {
  readonly number: number;
  /** Milliseconds since the epoch; null when the client gave none. */
  readonly at: number | null;
  readonly stderr: boolean;
  readonly label: string | null;
  /** As the program wrote it: colours and carriage returns are still inside. */
  readonly text: string;
}
