import type { DatabaseSync } from 'node:sqlite';
import { WAL_PAGES_MAX } from './connection.ts';
import { statement } from './statements.ts';

/** After this long without a write, the log is folded into the file and space is given back. */
export const QUIET_MS = 500;
const VACUUM_PAGES = 256;
/** Fewer free pages than this, or than a fiftieth of the file, are kept for the next rows. */
const FREE_PAGES_KEPT = 256;

/** Pages in the write-ahead log that are not in the file yet. */
function walPages(db: DatabaseSync): number {
  const row = statement(db, 'pragma wal_checkpoint(noop)').get() as { log: number; checkpointed: number };
  return row.log - row.checkpointed;
}

/** Called after each commit: moves the log into the file when it has grown long, so that it stays bounded under load. */
export function checkpointWhenLong(db: DatabaseSync): void {
  if (walPages(db) >= WAL_PAGES_MAX) statement(db, 'pragma wal_checkpoint(passive)').get();
}

/**
 * One small piece of what can wait until no request does: gives free pages back to the file system, then empties the
 * write-ahead log. Says whether there is nothing left to do.
 */
export function tidySlice(db: DatabaseSync): boolean {
  const free = (statement(db, 'pragma freelist_count').get() as { freelist_count: number }).freelist_count;
  const pages = (statement(db, 'pragma page_count').get() as { page_count: number }).page_count;
  if (free > Math.max(FREE_PAGES_KEPT, pages / 50)) {
    db.exec(`pragma incremental_vacuum(${VACUUM_PAGES})`);
    return false;
  }
  db.exec('pragma wal_checkpoint(truncate)');
  return true;
}
