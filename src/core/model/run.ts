import type { Brand } from '../base/brand.ts';
import type { RunState } from './run-state.ts';

/** The store's own number of a run; never shown, never reused. */
export type RunKey = Brand<number, 'RunKey'>;
/** The store's own number of a project; never shown, never reused. */
export type ProjectKey = Brand<number, 'ProjectKey'>;

/** How people and clients name a run: `entity/project/runs/id`. */
export interface RunPath {
  readonly entity: string;
  readonly project: string;
  /** The run id: 1 to 128 characters, none of `/\#?%:` and no control characters (W&B's rule). Called `name` in GraphQL. */
  readonly id: string;
}

/** JSON text that may hold bare `NaN`, `Infinity`, `-Infinity` and integers beyond 2^53: as written by the client. */
export type LooseJson = Brand<string, 'LooseJson'>;

/** Everything known of a run besides its streams and files. Times in milliseconds since the epoch. */
export interface Run extends RunPath {
  readonly key: RunKey;
  readonly projectKey: ProjectKey;
  readonly displayName: string;
  readonly state: RunState;
  /** Why it is in this state, for people: "exit code 1", "no heartbeat for 5 min", "stopped by ann". Null while it runs. */
  readonly stateReason: string | null;
  readonly exitCode: number | null;
  /** W&B's form: `{"lr":{"value":0.1},"_wandb":{"value":{…}}}`. */
  readonly config: LooseJson;
  /** One object, the latest summary: `{"loss":1,"_step":9,"_wandb":{"runtime":12}}`. */
  readonly summary: LooseJson;
  readonly tags: readonly string[];
  readonly notes: string | null;
  readonly group: string | null;
  readonly jobType: string | null;
  readonly sweep: string | null;
  readonly host: string | null;
  readonly program: string | null;
  readonly commit: string | null;
  readonly repo: string | null;
  /** Who made it. */
  readonly user: string;
  readonly createdAt: number;
  readonly heartbeatAt: number;
  readonly finishedAt: number | null;
  /** Somebody asked that it stop; told to the client in the next file-stream reply. Null: nobody did. */
  readonly stopRequestedBy: string | null;
  /** Raised with every change of the run or of its streams. */
  readonly rev: number;
}

/** What a caller may set. A key that is absent leaves the value alone; `null` clears it where the type allows. */
export interface RunPatch {
  readonly displayName?: string;
  readonly config?: LooseJson;
  readonly summary?: LooseJson;
  readonly tags?: readonly string[];
  readonly notes?: string | null;
  readonly group?: string | null;
  readonly jobType?: string | null;
  readonly sweep?: string | null;
  readonly host?: string | null;
  readonly program?: string | null;
  readonly commit?: string | null;
  readonly repo?: string | null;
}
