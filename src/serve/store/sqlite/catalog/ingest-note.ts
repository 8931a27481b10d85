import type { DatabaseSync } from 'node:sqlite';
import { Refusal } from '../../../../core/model/refusal.ts';
import type { LooseJson, RunKey } from '../../../../core/model/run.ts';
import { statement } from '../statements.ts';
import { nextRev } from './rev.ts';

/**
 * Notes on the run's row that a body has arrived, in the transaction that keeps the body: heartbeat, summary (replaced
 * when given), change number. Returns the new change number. `not_found` when the run is gone. A few microseconds.
 */
export function noteIngest(db: DatabaseSync, run: RunKey, note: { at: number; summary?: LooseJson }): number {
  const rev = nextRev(db);
  const sql = 'update run set heartbeat_at = max(heartbeat_at, ?), rev = ? where key = ?';
  if (statement(db, sql).run(Math.trunc(note.at), rev, run).changes === 0) throw runGone();
  if (note.summary !== undefined) {
    statement(db, 'update run_summary set summary = ? where run = ?').run(note.summary, run);
  }
  return rev;
}

export function runGone(): Refusal {
  return new Refusal('not_found', 'this run was deleted; nothing was changed, start it again under its id to go on');
}
