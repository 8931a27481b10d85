import type { Finding } from '../store.ts';
import type { ReadContext, WriteContext } from './operations.ts';
import { statement } from './statements.ts';

/** Operations on the store as a whole. */
export const upkeepWrites = {
  /** Proves that a commit can reach the disk. */
  pingWrite({ db }: WriteContext): void {
    statement(db, 'insert or replace into heartbeat (one, at) values (1, ?)').run(Date.now());
  },
};

export const upkeepReads = {
  /** SQLite's own check of its pages and indexes. */
  checkPages({ db }: ReadContext): readonly Finding[] {
    const rows = db.prepare('pragma integrity_check(100)').all() as { integrity_check: string }[];
    return rows
      .filter((row) => row.integrity_check !== 'ok')
      .map((row) => ({ severity: 'error', message: `SQLite: ${row.integrity_check}` }));
  },

  /** Bytes by table, indexes counted with their table, and pages that are free. */
  sizes({ db }: ReadContext): { tables: Readonly<Record<string, number>>; free: number; pages: number } {
    const rows = db
      .prepare(
        `select coalesce(s.tbl_name, d.name) as name, sum(d.pgsize) as bytes
         from dbstat d left join sqlite_schema s on s.name = d.name where d.aggregate = true group by 1`,
      )
      .all() as { name: string; bytes: number }[];
    const free = db.prepare('pragma freelist_count').get() as { freelist_count: number };
    const pages = db.prepare('pragma page_count').get() as { page_count: number };
    return {
      tables: Object.fromEntries(rows.map((row) => [row.name, row.bytes])),
      free: free.freelist_count * 4_096,
      pages: pages.page_count * 4_096,
    };
  },
};
