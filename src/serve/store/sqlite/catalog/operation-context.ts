import type { DatabaseSync } from 'node:sqlite';
import type { WriteContext } from '../operations.ts';

/** A context for tests that call operations without a thread: commits are the caller's, idle work is dropped. */
export function operationContext(db: DatabaseSync): WriteContext {
  return { db, afterCommit: () => undefined, onRollback: () => undefined, idle: () => undefined };
}
