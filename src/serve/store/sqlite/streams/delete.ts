import type { DatabaseSync } from 'node:sqlite';
import type { RunKey } from '../../../../core/model/run.ts';
import { statement } from '../statements.ts';
import { cutPyramid } from './pyramid.ts';
import { columnId, SEGMENTS_MAX } from './sealed-read.ts';
import { forgetStreams } from './stream-state.ts';

const ROWS_PER_SLICE = 500;

/**
 * Frees some of what the streams of a deleted run hold, a few milliseconds of work; says whether nothing is left. To be
 * called in transactions of its own until it does. Nobody may read the run any more.
 */
export function deleteStreams(db: DatabaseSync, run: RunKey): boolean {
  forgetStreams(db, run);
  const stream = statement(db, 'select id from stream where run = ? limit 1').get(run)?.['id'] as number | undefined;
  if (stream === undefined) return true;
  for (const table of ['tail', 'pack', 'rest', 'page']) if (deleteSome(db, table, 'rowid', stream)) return false;
  if (deleteSome(db, 'line', 'number', stream) || deleteSome(db, 'span', 'row0', stream)) return false;
  if (deleteColumns(db, stream)) return false;
  cutPyramid(db, stream, 0);
  for (const table of ['pattern', 'writer']) statement(db, `delete from ${table} where stream = ?`).run(stream);
  statement(db, 'delete from stream where id = ?').run(stream);
  return false;
}

/** Says whether it deleted anything. */
function deleteSome(db: DatabaseSync, table: string, id: string, stream: number): boolean {
  const sql = `delete from ${table} where stream = ?1 and ${id} in (select ${id} from ${table} where stream = ?1 limit ?2)`;
  return Number(statement(db, sql).run(stream, ROWS_PER_SLICE).changes) > 0;
}

/** Some keys with their columns, the keys last: a key is what its columns are found by. */
function deleteColumns(db: DatabaseSync, stream: number): boolean {
  const keys = statement(db, 'select id from key where stream = ? limit 50').all(stream);
  let left = ROWS_PER_SLICE;
  for (const row of keys) {
    const key = row['id'] as number;
    const from = columnId(key, 0);
    const sql = 'delete from col where id in (select id from col where id >= ? and id < ? limit ?)';
    left -= Number(statement(db, sql).run(from, from + SEGMENTS_MAX, left).changes);
    if (left <= 0) return true;
    statement(db, 'delete from key where id = ?').run(key);
  }
  return keys.length > 0;
}
