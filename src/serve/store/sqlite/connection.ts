import { DatabaseSync } from 'node:sqlite';

/** Between checkpoints the write-ahead log grows to about this many pages of 4 KiB. */
export const WAL_PAGES_MAX = 2_048;

/**
 * The one writing connection: write-ahead log, every commit synced to the disk before it is acknowledged. Checkpoints are
 * ours (`housekeeping.ts`), so that none of them falls into a commit by surprise.
 */
export function openWriter(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 5_000, enableForeignKeyConstraints: false });
  db.exec(`
    pragma page_size = 4096;
    pragma auto_vacuum = incremental;
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma wal_autocheckpoint = 0;
    pragma journal_size_limit = ${WAL_PAGES_MAX * 4_096};
    pragma cache_size = -16384;
    pragma temp_store = memory;
  `);
  return db;
}

/** A connection that only reads. The file must exist. */
export function openReader(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5_000, enableForeignKeyConstraints: false });
  db.exec('pragma cache_size = -8192; pragma temp_store = memory;');
  return db;
}
