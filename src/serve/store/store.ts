import type { AccountStore } from './accounts.ts';
import type { ProjectStore } from './projects.ts';
import type { RunFileStore } from './run-files.ts';
import type { RunStore } from './runs.ts';
import type { StreamStore } from './streams.ts';

/**
 * Everything at rest but the bytes of files: accounts, projects, runs and their streams. One contract for every kind of
 * store; `store.contract.ts` is the suite that each of them passes.
 *
 * Every method is asynchronous and resolves after its effect is durable. A write that was acknowledged is there after a
 * crash, once. Reads are answered from one snapshot each. Refusals throw `Refusal`: `unavailable` for a full disk or a
 * lock (the caller may retry), `not_found` for a key that is not there (any more); everything else that throws is a bug.
 */
export interface Store extends AsyncDisposable {
  readonly accounts: AccountStore;
  readonly projects: ProjectStore;
  readonly runs: RunStore;
  readonly streams: StreamStore;
  readonly files: RunFileStore;

  /** Resolves when a read and a write can be done; what `/ready` asks. Rejects with `unavailable` otherwise. */
  ping(): Promise<void>;
  /** Checks the whole store against its own rules, slowly and thoroughly; for `trackside doctor`. */
  check(): Promise<readonly Finding[]>;
  /** Sizes by part, in bytes; for `/metrics`, `doctor` and the benches. */
  size(): Promise<StoreSize>;
}

/** One thing that is not as it must be, told to people: what, where, what it means. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

export interface StoreSize {
  readonly columns: number;
  readonly pyramid: number;
  readonly rest: number;
  readonly tail: number;
  /** Runs, projects, accounts and their indexes. */
  readonly catalog: number;
  /** Allocated, but free to be used again. */
  readonly free: number;
  /** Everything on disk, write-ahead log included. */
  readonly total: number;
}
