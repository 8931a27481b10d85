import type { ProjectKey, Run, RunKey, RunPatch } from '../../core/model/run.ts';
import type { RunState } from '../../core/model/run-state.ts';
import type { Filter } from '../../core/query/filter.ts';
import type { RunField, RunOrder } from '../../core/query/run-field.ts';

export interface RunQuery {
  readonly project: ProjectKey;
  readonly filter: Filter | null;
  /** Later terms break ties of earlier ones. Empty: newest first. */
  readonly order: readonly RunOrder[];
  /** Rows to skip. */
  readonly offset: number;
  /** At most this many rows. */
  readonly limit: number;
}

/** One row of a runs table: fixed fields and the chosen columns, nothing that a table does not show. */
export interface RunRow {
  readonly key: RunKey;
  readonly id: string;
  readonly displayName: string;
  readonly state: RunState;
  readonly stateReason: string | null;
  readonly tags: readonly string[];
  readonly group: string | null;
  readonly jobType: string | null;
  readonly user: string;
  readonly createdAt: number;
  readonly heartbeatAt: number;
  readonly finishedAt: number | null;
  readonly rev: number;
  /** In the order of the columns asked for; null where the run lacks it. Numbers may be NaN or infinite. Lists and objects as JSON text. */
  readonly values: readonly (string | number | boolean | null)[];
}

/** A column that some run of a project has, for the column picker. */
export interface RunColumn {
  readonly field: RunField;
  readonly runs: number;
  readonly type: 'number' | 'string' | 'boolean' | 'mixed';
}

/** A change of a run's state, applied only if `from` (when given) still holds. */
export interface StateChange {
  readonly to: RunState;
  readonly from?: readonly RunState[];
  readonly reason: string | null;
  readonly exitCode?: number | null;
  /** When it happened; sets `finishedAt` for a state that is not live, clears it for one that is. */
  readonly at: number;
}

export interface RunStore {
  /**
   * The run of that id in the project, made in state `pending` if it is missing, then patched. One transaction.
   * A run that was deleted frees its id.
   */
  open(
    project: ProjectKey,
    id: string,
    made: { user: string; at: number; displayName: string },
    patch: RunPatch,
  ): Promise<{ run: Run; inserted: boolean }>;
  get(key: RunKey): Promise<Run | null>;
  find(project: ProjectKey, id: string): Promise<Run | null>;
  /** Several at once, in no particular order, those that exist. For charts' names and colours. */
  findMany(project: ProjectKey, ids: readonly string[]): Promise<readonly Run[]>;
  edit(key: RunKey, patch: RunPatch): Promise<Run>;
  /** Returns the run as it is afterwards; unchanged if `from` did not hold. To become live is a sign of life: `heartbeatAt` is `at` then. */
  changeState(key: RunKey, change: StateChange): Promise<Run>;
  requestStop(key: RunKey, by: string | null): Promise<Run>;
  /** Marks running runs whose heartbeat is older as crashed, and preempting ones as preempted; pending ones wait. Returns those it changed. */
  crashSilent(heartbeatBefore: number, reason: string, at: number): Promise<readonly Run[]>;
  /** Removes the run with its streams and its list of files (not the bytes: the caller removes those). Frees space in the background. */
  delete(key: RunKey): Promise<boolean>;

  /** A page of a runs table. `total` counts all that match the filter. */
  table(query: RunQuery, columns: readonly RunField[]): Promise<{ total: number; rows: readonly RunRow[] }>;
  /** A page of whole runs, in the same order; for the W&B dialect. */
  list(query: RunQuery): Promise<{ total: number; runs: readonly Run[] }>;
  count(project: ProjectKey, filter: Filter | null): Promise<number>;
  columns(project: ProjectKey): Promise<readonly RunColumn[]>;
}
