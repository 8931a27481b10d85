import type { Mode } from './init-options.ts';

/** How `define_metric` summarises and draws one metric, or all that match a glob such as `val/*`. */
export interface MetricOptions {
  /** The key to draw it over instead of the step. */
  readonly stepMetric?: string;
  /** What the summary keeps; the last value when left out. `best` needs `goal`. */
  readonly summary?: SummaryKind | readonly SummaryKind[];
  readonly goal?: 'minimize' | 'maximize';
  /** Not drawn unless asked for. */
  readonly hidden?: boolean;
}
export type SummaryKind = 'min' | 'max' | 'mean' | 'best' | 'last' | 'first' | 'copy' | 'none';

/** What a run is given beside its rows: its config, or values of its summary. */
export interface Values {
  /** The value under a key as it was set, or last logged; undefined when there is none. */
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  /** Several at once; keys that are not named stay. */
  update(values: Readonly<Record<string, unknown>>): void;
  delete(key: string): void;
}

/** How a run's upload ended. */
export interface FinishReport {
  /** Everything logged has arrived at the server. */
  readonly synced: boolean;
  /** Why not, for people; null when it has. */
  readonly reason: string | null;
}

/**
 * One recorded execution of a program. No method throws because of a disk, a network or a server, and none waits for one except
 * `finish`. What `log` was given survives the process being killed the moment it returns.
 */
export interface Run {
  readonly id: string;
  readonly project: string;
  /** Empty until the server has answered, when none was named. */
  readonly entity: string;
  /** As people see it; empty until the server has answered, when none was given. */
  readonly name: string;
  /** The run's page; null until the server has answered, and for runs that are not uploaded. */
  readonly url: string | null;
  readonly mode: Mode;
  /** The run's folder, which `trackside sync` takes; null when nothing is recorded. */
  readonly folder: string | null;
  /** The step that the next `log` without one gets. */
  readonly step: number;
  readonly config: Values;
  /** The last value of each key unless set here, or defined otherwise. */
  readonly summary: Values;
  /** Aborted when somebody asked that the run stop. The training loop decides when to look. */
  readonly signal: AbortSignal;

  /**
   * Adds one row. Nested objects become nested keys; NaN and infinities are kept. Each call is a row of its own, numbered on
   * from the last; with `step`, a whole number, it gets that number. A step below the last one is not recorded, which is said once.
   */
  log(row: Readonly<Record<string, unknown>>, options?: { readonly step?: number }): void;
  /** Holds for rows logged from now on. */
  defineMetric(name: string, options?: MetricOptions): void;
  /**
   * Uploads a file with the run under its name, or its path below `base`. `live`: again whenever it changes; `end`: when the run
   * ends; `now`: once. Linked into the run's folder, not copied, so it must stay where it is until the run has ended.
   */
  save(file: string, options?: { readonly base?: string; readonly policy?: 'live' | 'end' | 'now' }): void;
  /**
   * Ends the run: 0 is finished, everything else failed. Resolves when the log has arrived, or cannot arrive now; never rejects.
   * Further calls give the first one's answer.
   */
  finish(exitCode?: number): Promise<FinishReport>;
}

/** A run that records nothing: tracking is disabled, or another process logs it. */
export function silentRun(id: string, project: string): Run {
  const nothing: Values = {
    get: () => undefined,
    set: () => undefined,
    update: () => undefined,
    delete: () => undefined,
  };
  return {
    id,
    project,
    entity: '',
    name: '',
    url: null,
    mode: 'disabled',
    folder: null,
    step: 0,
    config: nothing,
    summary: nothing,
    signal: new AbortController().signal,
    log: () => undefined,
    defineMetric: () => undefined,
    save: () => undefined,
    finish: () => Promise.resolve({ synced: false, reason: null }),
  };
}
