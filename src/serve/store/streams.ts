import type { LooseJson, RunKey } from '../../core/model/run.ts';
import type { ConsoleLine, KeySummary, StreamKind, StreamExtent } from '../../core/model/stream.ts';
import type { Axis, SeriesColumns } from '../../core/query/series.ts';

/**
 * The rows of runs. A stream is an append-only list of rows, numbered from 0 in the order of arrival; each of its
 * writers counts its own lines from 0. Rows are given back value-identical: the same keys, JSON types and double bits,
 * bare NaN and infinities, integers beyond 2^53 digit for digit; the order of keys is not kept.
 *
 * Writing is idempotent by (writer, line). A line sent again that is equal by value changes nothing. One that differs
 * cuts a history or system stream there and continues with the new lines (`version` rises); in `console` it replaces the
 * line (the time it was first said at stays when nothing else differs). A gap is kept: lines that never came are absent rows.
 *
 * A run may be uploaded again under other lines: `wandb sync` sends a whole log behind the lines that the server has. So a
 * line that is not there, whose row has a finite `_timestamp` (in history a finite `_step` too) and equals the last row with
 * the same that was there before the body, by any writer, is a repetition: no row is added.
 */
export interface StreamStore {
  /**
   * Applies one file-stream body: JSON as the W&B client sends it, bytes untouched, at most a few tens of MiB. The buffer
   * is transferred: the caller must not use it again. Malformed bodies are refused whole (`bad_request`), and nothing of
   * them is kept. The run's summary and heartbeat change in the same transaction.
   */
  ingest(run: RunKey, writer: string, body: Uint8Array, at: number): Promise<IngestOutcome>;
  /** Rows from columns, at the end of a stream; for imports and fixtures. A column shorter than `rows` is refused. */
  append(
    run: RunKey,
    stream: Exclude<StreamKind, 'console'>,
    columns: Readonly<Record<string, Float64Array>>,
  ): Promise<void>;
  /** Where writers stand. */
  extent(run: RunKey, writer?: string): Promise<Readonly<Record<StreamKind, StreamExtent>>>;
  /** Cuts history rows with `_step` beyond `step` and what of `system` came after them; returns the lines kept. */
  rewind(run: RunKey, step: number): Promise<{ lines: number }>;
  /** The run has ended or is idle: seals what is open, in slices, when the store has time. Resolves when it is asked for, not when done. */
  settle(run: RunKey): Promise<void>;
  /** Resolves when all that was asked to be sealed is sealed. For benches, tests and an orderly stop. */
  settled(): Promise<void>;

  keys(run: RunKey, stream: Exclude<StreamKind, 'console'>): Promise<readonly KeySummary[]>;
  rows(query: RowQuery): Promise<RowPage>;
  /** Series in the order asked for; null for one whose run or key is not there. */
  series(query: SeriesQuery): Promise<readonly (SeriesColumns | null)[]>;
  console(query: ConsoleQuery): Promise<ConsolePage>;
}

export interface IngestOutcome {
  /** The run's change counter after this body. */
  readonly rev: number;
  /** Streams that changed. */
  readonly changed: readonly StreamKind[];
  readonly summaryChanged: boolean;
  /** Keys that were new in the history or system stream. */
  readonly newKeys: readonly string[];
  readonly complete: boolean;
  readonly exitCode: number | null;
  readonly preempting: boolean;
  /** Names of run files whose upload the client reports done. */
  readonly uploaded: readonly string[];
  /** Some row or line was really new: data beyond the known end, not a retry. */
  readonly advanced: boolean;
}

export interface RowQuery {
  readonly run: RunKey;
  readonly stream: Exclude<StreamKind, 'console'>;
  /** Only these keys; rows that miss one of them are left out. Absent: all keys, all rows. */
  readonly keys?: readonly string[];
  /** By `_step`, both inclusive. */
  readonly minStep?: number;
  readonly maxStep?: number;
  /** By row number: from here. */
  readonly fromRow?: number;
  readonly limit: number;
  /** When more rows match than `limit`, spread the answer evenly over them (first and last included) instead of cutting it. */
  readonly sample?: boolean;
}

export interface RowPage {
  /**
   * JSON objects as text, in row order: whole rows, or the keys asked for under the names they were asked by (`sub.x` is
   * then a key with a dot; `sub` gives the object).
   */
  readonly rows: readonly LooseJson[];
  /** Where the next page begins (`fromRow`); null at the end. */
  readonly nextRow: number | null;
}

export interface SeriesQuery {
  readonly series: readonly { readonly run: RunKey; readonly stream: 'history' | 'system'; readonly key: string }[];
  readonly x: Axis;
  /** The window in units of x; absent: all there is. */
  readonly from?: number;
  readonly to?: number;
  /**
   * Between this and twice this many buckets come back, fewer where there are fewer rows. With a window, the nearest one on
   * either side of it is among them, so that lines reach the edges of a chart. 1 to 5,000.
   */
  readonly buckets: number;
}

export interface ConsoleQuery {
  readonly run: RunKey;
  /** Line numbers; negative `from` counts from the end. */
  readonly from: number;
  readonly limit: number;
  /** Only lines that contain this text, letters' case ignored, control sequences not searched. */
  readonly search?: string;
}

export interface ConsolePage {
  readonly lines: readonly ConsoleLine[];
  /** Lines in the stream, gaps counted. */
  readonly total: number;
  /** Lines that match the search, null without one. */
  readonly matches: number | null;
}
