import type { RunKey } from '../../../../core/model/run.ts';
import type { RunFile } from '../../../../core/model/run-file.ts';
import type { ReadContext, WriteContext } from '../operations.ts';
import { statement } from '../statements.ts';
import { orphan } from './deletion.ts';
import { runGone } from './ingest-note.ts';
import { nextRev } from './rev.ts';

interface FileRecord {
  name: string;
  size_bytes: number;
  md5: string;
  mimetype: string;
  updated_at: number;
  blob: string;
}

export interface FilePage {
  readonly like?: string;
  readonly names?: readonly string[];
  readonly after?: string;
  readonly limit: number;
}

export const fileWrites = {
  putFile({ db }: WriteContext, run: RunKey, file: RunFile): { replaced: string | null } {
    if (statement(db, 'update run set rev = ? where key = ?').run(nextRev(db), run).changes === 0) throw runGone();
    const before = statement(db, 'select blob from run_file where run = ? and name = ?').get(run, file.name);
    statement(
      db,
      `insert or replace into run_file (run, name, size_bytes, md5, mimetype, updated_at, blob)
       values (?, ?, ?, ?, ?, ?, ?)`,
    ).run(run, file.name, file.sizeBytes, file.md5, file.mimetype, Math.trunc(file.updatedAt), file.blob);
    // A blob that was listed for removal and is named again stays.
    statement(db, 'delete from orphan where blob = ?').run(file.blob);
    const blob = before?.['blob'] as string | undefined;
    return { replaced: blob !== undefined && orphan(db, blob) ? blob : null };
  },

  deleteFiles({ db }: WriteContext, run: RunKey, names: readonly string[]): readonly string[] {
    const sql = 'delete from run_file where run = ? and name in (select value from json_each(?)) returning blob';
    const blobs = statement(db, sql)
      .all(run, JSON.stringify(names))
      .map((row) => row['blob'] as string);
    if (blobs.length > 0) statement(db, 'update run set rev = ? where key = ?').run(nextRev(db), run);
    return [...new Set(blobs)].filter((blob) => orphan(db, blob));
  },

  forgetOrphans({ db }: WriteContext, blobs: readonly string[]): void {
    statement(db, 'delete from orphan where blob in (select value from json_each(?))').run(JSON.stringify(blobs));
  },
};

export const fileReads = {
  getFile({ db }: ReadContext, run: RunKey, name: string): RunFile | null {
    const record = statement(db, 'select * from run_file where run = ? and name = ?').get(run, name);
    return record === undefined ? null : fileOfRecord(record as unknown as FileRecord);
  },

  listFiles({ db }: ReadContext, run: RunKey, page: FilePage): readonly RunFile[] {
    const names = page.names === undefined ? null : JSON.stringify(page.names);
    const records = statement(
      db,
      `select * from run_file where run = ?1 and name > ?2 and (?3 is null or name like ?3)
        and (?4 is null or name in (select value from json_each(?4))) order by name limit ?5`,
    ).all(run, page.after ?? '', page.like ?? null, names, page.limit);
    return records.map((record) => fileOfRecord(record as unknown as FileRecord));
  },

  countFiles({ db }: ReadContext, run: RunKey): number {
    return statement(db, 'select count(*) as files from run_file where run = ?').get(run)?.['files'] as number;
  },

  listOrphans({ db }: ReadContext, limit: number): readonly string[] {
    return statement(db, 'select blob from orphan limit ?')
      .all(limit)
      .map((row) => row['blob'] as string);
  },
};

function fileOfRecord(record: FileRecord): RunFile {
  return {
    name: record.name,
    sizeBytes: record.size_bytes,
    md5: record.md5,
    mimetype: record.mimetype,
    updatedAt: record.updated_at,
    blob: record.blob,
  };
}
