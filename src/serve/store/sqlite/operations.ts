import type { DatabaseSync } from 'node:sqlite';

/**
 * How work reaches SQLite. One thread does every write, a few others read; each runs named operations. A write runs
 * inside the group's transaction, in a savepoint of its own: when it throws, only it is undone. A read runs in one
 * snapshot. Operations are synchronous; whatever takes longer than some milliseconds is cut into slices (`idle`).
 */
export type Operation<Context> = (context: Context, ...args: never[]) => unknown;

export interface WriteContext {
  readonly db: DatabaseSync;
  /** Runs after the commit of the current group; the place to touch caches in memory. */
  afterCommit(act: () => void): void;
  /**
   * Runs when what was cached may be wrong: the savepoint or the whole group was rolled back. Registered per operation.
   */
  onRollback(act: () => void): void;
  /**
   * Queues work for when no request waits. `slice` does at most about 5 ms of work in a transaction of its own and says
   * whether it is done. The same name twice is one piece of work.
   */
  idle(name: string, slice: () => boolean): void;
}

export interface ReadContext {
  readonly db: DatabaseSync;
}

/** A value whose `transfer` buffers are moved, not copied, to the calling thread. */
export class Transferred<T> {
  readonly value: T;
  readonly transfer: readonly ArrayBuffer[];
  constructor(value: T, transfer: readonly ArrayBuffer[]) {
    this.value = value;
    this.transfer = transfer;
  }
}
