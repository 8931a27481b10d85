import type { DatabaseSync } from 'node:sqlite';
import type { ProjectKey, Run, RunKey } from '../../../../core/model/run.ts';
import type { ReadContext } from '../operations.ts';
import { statement } from '../statements.ts';
import { runOfRecord, SELECT_WHOLE_RUN, type WholeRunRecord } from './run-row.ts';

/** The run with this key, null when it or its project was deleted. */
export function readRun(db: DatabaseSync, key: RunKey): Run | null {
  const record = statement(db, `${SELECT_WHOLE_RUN} where r.key = ?`).get(key);
  return record === undefined ? null : runOfRecord(record as unknown as WholeRunRecord);
}

/** Those of these runs that are there, in the order of the keys. */
export function readRuns(db: DatabaseSync, keys: readonly number[]): readonly Run[] {
  const list = JSON.stringify(keys);
  const sql = `${SELECT_WHOLE_RUN} where r.key in (select value from json_each(?))`;
  const found = new Map<number, Run>();
  for (const record of statement(db, sql).iterate(list)) {
    const run = runOfRecord(record as unknown as WholeRunRecord);
    found.set(run.key, run);
  }
  return keys.flatMap((key) => found.get(key) ?? []);
}

export const runReads = {
  getRun({ db }: ReadContext, key: RunKey): Run | null {
    return readRun(db, key);
  },

  findRun({ db }: ReadContext, project: ProjectKey, id: string): Run | null {
    const record = statement(db, `${SELECT_WHOLE_RUN} where r.project = ? and r.id = ?`).get(project, id);
    return record === undefined ? null : runOfRecord(record as unknown as WholeRunRecord);
  },

  findRuns({ db }: ReadContext, project: ProjectKey, ids: readonly string[]): readonly Run[] {
    const sql = `${SELECT_WHOLE_RUN} where r.project = ? and r.id in (select value from json_each(?))`;
    const records = statement(db, sql).all(project, JSON.stringify(ids));
    return records.map((record) => runOfRecord(record as unknown as WholeRunRecord));
  },
};
