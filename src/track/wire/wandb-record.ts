/**
 * The records of a `.wandb` log, as Trackside reads and writes them. Field names and numbers are those of W&B's
 * `wandb_internal.proto`; `wandb-record-encode.ts` and `wandb-record-decode.ts` hold the numbers.
 */

/** One value under a path of keys: `["sub","x"]` is `{"sub":{"x":…}}`; a path of one key may hold dots. */
export interface Item {
  readonly path: readonly string[];
  /** JSON text, which may hold bare `NaN`, `Infinity`, `-Infinity` and integers beyond 2^53. */
  readonly json: string;
}

/** From which line of each of the run's streams this log counts on. Zero for a run that began with this log. */
export interface LineBase {
  readonly history: number;
  readonly system: number;
  readonly console: number;
}

/** Who writes the log, so that others can tell whether it may still grow. As `machine` identifies a process. */
export interface LogWriter {
  readonly pid: number;
  readonly startTime: string;
  readonly bootId: string;
  readonly host: string;
}

/** Fields of Trackside's own in W&B's header record; see `HeaderRecord`. */
export const HEADER_BASE_FIELD = 7001;
export const HEADER_WRITER_FIELD = 7002;

/** `base` and `writer` are Trackside's own, in fields that W&B's readers do not know and skip. A log may hold several; the first base counts. */
export interface HeaderRecord {
  readonly type: 'header';
  readonly producer: string;
  readonly base?: LineBase;
  readonly writer?: LogWriter;
}

export interface RunRecord {
  readonly type: 'run';
  readonly runId: string;
  readonly entity: string;
  readonly project: string;
  readonly config: readonly Item[];
  readonly summary: readonly Item[];
  readonly group: string;
  readonly jobType: string;
  readonly displayName: string;
  readonly notes: string;
  readonly tags: readonly string[];
  readonly sweep: string;
  readonly host: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly remoteUrl: string;
  readonly commit: string;
  /** Set when the run is to be continued, not begun: by the official client, and by ours for `resume`. */
  readonly resumed: boolean;
}

/** One row, in the order of `log()` calls. */
export interface HistoryRecord {
  readonly type: 'history';
  readonly step: number;
  readonly items: readonly Item[];
}

/** A change of the summary or of the config: first `remove`, then `update`. */
export interface ChangeRecord {
  readonly type: 'summary' | 'config';
  readonly update: readonly Item[];
  readonly remove: readonly (readonly string[])[];
}

/** Readings of the machine. */
export interface StatsRecord {
  readonly type: 'stats';
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly items: readonly Item[];
}

/** A piece of the program's output as it was written: part of a line, one, or several. */
export interface OutputRecord {
  readonly type: 'output';
  readonly stderr: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
}

/** Files of the run's `files/` folder to upload. `live`: again whenever they change; `end`: when the run ends; `now`: once, at once. */
export interface FilesRecord {
  readonly type: 'files';
  readonly files: readonly { readonly path: string; readonly policy: FilePolicy }[];
}
export type FilePolicy = 'now' | 'end' | 'live';

/** How one metric, or all that a glob matches, is summarised and drawn. */
export interface MetricRecord {
  readonly type: 'metric';
  readonly name: string;
  readonly glob: string;
  readonly stepMetric: string;
  readonly stepSync: boolean;
  readonly hidden: boolean;
  readonly summary: readonly SummaryKind[];
  readonly goal: 'minimize' | 'maximize' | null;
}
/** In the order of W&B's field numbers, from 1. */
export const SUMMARY_KINDS = ['min', 'max', 'mean', 'best', 'last', 'none', 'copy', 'first'] as const;
export type SummaryKind = (typeof SUMMARY_KINDS)[number];

/** Where the program ran, as `wandb-metadata.json` and `_wandb.e` of the config show it; 64-bit numbers are text. */
export interface EnvironmentRecord {
  readonly type: 'environment';
  readonly writerId: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** W&B's `_wandb.t`: by field number, text or the numbers of what was used. */
export interface TelemetryRecord {
  readonly type: 'telemetry';
  readonly facts: Readonly<Record<string, string | readonly number[]>>;
}

export interface ExitRecord {
  readonly type: 'exit';
  readonly exitCode: number;
}

/** A record of a kind that Trackside has no use for, or newer than it. `field` is its number. */
export interface OtherRecord {
  readonly type: 'other';
  readonly field: number;
}

export type LogRecord =
  | HeaderRecord
  | RunRecord
  | HistoryRecord
  | ChangeRecord
  | StatsRecord
  | OutputRecord
  | FilesRecord
  | MetricRecord
  | EnvironmentRecord
  | TelemetryRecord
  | ExitRecord
  | { readonly type: 'preempting' }
  | OtherRecord;
