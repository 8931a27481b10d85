import type { DatabaseSync } from 'node:sqlite';
import { statement } from '../statements.ts';

const revs = new WeakMap<DatabaseSync, number>();

/**
 * The next number of the store's change counter; only for the writing connection. Numbers of what was rolled back are
 * skipped, none is given twice while the process lives, and none is at or below one that a stored run or tombstone has.
 */
export function nextRev(db: DatabaseSync): number {
  const rev = (revs.get(db) ?? lastRev(db)) + 1;
  revs.set(db, rev);
  return rev;
}

/** The highest change number that is stored. */
export function lastRev(db: DatabaseSync): number {
  const sql = 'select max(coalesce((select max(rev) from run), 0), coalesce((select max(rev) from gone), 0)) as rev';
  return (statement(db, sql).get() as { rev: number }).rev;
}
