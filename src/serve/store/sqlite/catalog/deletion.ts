import type { DatabaseSync } from 'node:sqlite';
import type { RunKey } from '../../../../core/model/run.ts';
import type { WriteContext } from '../operations.ts';
import { statement } from '../statements.ts';
import { deleteStreams } from '../streams/delete.ts';
import { nextRev } from './rev.ts';

/** Tombstones kept for the caches of reading threads; one that is further behind builds itself anew. */
export const TOMBSTONES_KEPT = 1_000;
const FILES_PER_SLICE = 500;
const RUNS_PER_SLICE = 50;
const SLICE = 'free the space of deleted runs';

/** Removes the run from the catalog at once and leaves what takes long to idle slices. False if there was none. */
export function forgetRun(context: WriteContext, key: RunKey): boolean {
  const { db } = context;
  const row = statement(db, 'delete from run where key = ? returning project').get(key);
  if (row === undefined) return false;
  statement(db, 'delete from run_text where run = ?').run(key);
  statement(db, 'delete from run_summary where run = ?').run(key);
  const sql = 'insert into gone (run, project, rev, freed) values (?, ?, ?, 0)';
  statement(db, sql).run(key, row['project'] as number, nextRev(db));
  freeWhenIdle(context);
  return true;
}

/** Asks for the slices that give back what deleted runs and projects hold. */
export function freeWhenIdle(context: WriteContext): void {
  context.idle(SLICE, () => freeSlice(context));
}

/** At the store's start: no cache lives that would need a tombstone; what a crash left is taken up again. */
export function resumeFreeing(context: WriteContext): void {
  statement(context.db, 'delete from gone where freed = 1').run();
  freeWhenIdle(context);
}

function freeSlice(context: WriteContext): boolean {
  const { db } = context;
  const gone = statement(db, 'select run from gone where freed = 0 limit 1').get() as { run: RunKey } | undefined;
  if (gone !== undefined) {
    freeRun(db, gone.run);
    return false;
  }
  return forgetProjectRuns(context) && trimTombstones(db);
}

function freeRun(db: DatabaseSync, run: RunKey): void {
  if (!orphanFiles(db, run) || !deleteStreams(db, run)) return;
  statement(db, 'update gone set freed = 1 where run = ?').run(run);
}

/** Moves names of files to the list of blobs to be removed; says whether none is left. */
function orphanFiles(db: DatabaseSync, run: RunKey): boolean {
  const sql =
    'delete from run_file where (run, name) in (select run, name from run_file where run = ? limit ?) returning blob';
  const files = statement(db, sql).all(run, FILES_PER_SLICE) as unknown as { blob: string }[];
  for (const { blob } of files) orphan(db, blob);
  return files.length < FILES_PER_SLICE;
}

/** Lists the blob as one to be removed, unless something still names it. Says whether it did. */
export function orphan(db: DatabaseSync, blob: string): boolean {
  if (statement(db, 'select 1 from run_file where blob = ? limit 1').get(blob) !== undefined) return false;
  statement(db, 'insert or ignore into orphan (blob) values (?)').run(blob);
  return true;
}

/** Some runs of a deleted project, and the project itself behind the last one. Says whether no such project is left. */
function forgetProjectRuns(context: WriteContext): boolean {
  const { db } = context;
  const project = statement(db, 'select key from project where deleted_at is not null limit 1').get();
  if (project === undefined) return true;
  const key = project['key'] as number;
  const runs = statement(db, 'select key from run where project = ? limit ?').all(key, RUNS_PER_SLICE);
  for (const run of runs) forgetRun(context, run['key'] as RunKey);
  if (runs.length === 0) statement(db, 'delete from project where key = ?').run(key);
  return false;
}

function trimTombstones(db: DatabaseSync): true {
  const sql = 'delete from gone where freed = 1 and rev <= (select rev from gone order by rev desc limit 1 offset ?)';
  statement(db, sql).run(TOMBSTONES_KEPT);
  return true;
}
