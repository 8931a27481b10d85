import type { DatabaseSync } from 'node:sqlite';
import type { ProjectKey, Run, RunKey, RunPatch } from '../../../../core/model/run.ts';
import { isLive } from '../../../../core/model/run-state.ts';
import { Refusal } from '../../../../core/model/refusal.ts';
import { parseLooseObject } from '../../../../core/query/loose-json.ts';
import type { StateChange } from '../../runs.ts';
import type { WriteContext } from '../operations.ts';
import { statement } from '../statements.ts';
import { forgetRun } from './deletion.ts';
import { runGone } from './ingest-note.ts';
import { nextRev } from './rev.ts';
import { readRun } from './run-reads.ts';

export interface RunMaking {
  readonly user: string;
  readonly at: number;
  readonly displayName: string;
}

export const runWrites = {
  openRun(
    { db }: WriteContext,
    project: ProjectKey,
    id: string,
    made: RunMaking,
    patch: RunPatch,
  ): { run: Run; inserted: boolean } {
    const found = statement(db, 'select key from run where project = ? and id = ?').get(project, id);
    const key = (found === undefined ? insertRun(db, project, id, made) : found['key']) as RunKey;
    return { run: patchRun(db, key, patch), inserted: found === undefined };
  },

  editRun({ db }: WriteContext, key: RunKey, patch: RunPatch): Run {
    return patchRun(db, key, patch);
  },

  changeRunState({ db }: WriteContext, key: RunKey, change: StateChange): Run {
    const run = mustRead(db, key);
    if (change.from !== undefined && !change.from.includes(run.state)) return run;
    const exitCode = change.exitCode === undefined ? run.exitCode : change.exitCode;
    const at = Math.trunc(change.at);
    const isLiving = isLive(change.to);
    statement(
      db,
      `update run set state = ?, state_reason = ?, exit_code = ?, finished_at = ?, rev = ?,
         heartbeat_at = max(heartbeat_at, ?) where key = ?`,
    ).run(change.to, change.reason, exitCode, isLiving ? null : at, nextRev(db), isLiving ? at : 0, key);
    return mustRead(db, key);
  },

  requestRunStop({ db }: WriteContext, key: RunKey, by: string | null): Run {
    mustRead(db, key);
    const sql = 'update run set stop_requested_by = ?, rev = ? where key = ? and stop_requested_by is not ?';
    statement(db, sql).run(by, nextRev(db), key, by);
    return mustRead(db, key);
  },

  crashSilentRuns({ db }: WriteContext, heartbeatBefore: number, reason: string, at: number): readonly Run[] {
    const sql = `select key from run where state in ('running', 'preempting') and heartbeat_at < ?`;
    const silent = statement(db, sql).all(heartbeatBefore) as unknown as { key: RunKey }[];
    const crashed: Run[] = [];
    for (const { key } of silent) {
      statement(
        db,
        `update run set state = case state when 'preempting' then 'preempted' else 'crashed' end,
           state_reason = ?, finished_at = ?, rev = ? where key = ?`,
      ).run(reason, Math.trunc(at), nextRev(db), key);
      const run = readRun(db, key);
      if (run !== null) crashed.push(run);
    }
    return crashed;
  },

  deleteRun(context: WriteContext, key: RunKey): boolean {
    return readRun(context.db, key) !== null && forgetRun(context, key);
  },
};

function mustRead(db: DatabaseSync, key: RunKey): Run {
  const run = readRun(db, key);
  if (run === null) throw runGone();
  return run;
}

function insertRun(db: DatabaseSync, project: ProjectKey, id: string, made: RunMaking): RunKey {
  const owner = statement(db, 'select key from project where key = ? and deleted_at is null').get(project);
  if (owner === undefined) throw new Refusal('not_found', 'the project of this run was deleted; name another one');
  const rev = nextRev(db);
  const at = Math.trunc(made.at);
  const { lastInsertRowid } = statement(
    db,
    `insert into run (project, id, display_name, state, tags, user, created_at, heartbeat_at, rev, text_rev)
     values (?, ?, ?, 'pending', '[]', ?, ?, ?, ?, ?)`,
  ).run(project, id, made.displayName, made.user, at, at, rev, rev);
  statement(db, `insert into run_text (run, config) values (?, '{}')`).run(lastInsertRowid);
  statement(db, `insert into run_summary (run, summary) values (?, '{}')`).run(lastInsertRowid);
  return Number(lastInsertRowid) as RunKey;
}

function patchRun(db: DatabaseSync, key: RunKey, patch: RunPatch): Run {
  const before = mustRead(db, key);
  const rev = nextRev(db);
  const run = { ...before, ...withoutUndefined(patch), rev };
  statement(
    db,
    `update run set display_name = ?, tags = ?, run_group = ?, job_type = ?, sweep = ?, host = ?, program = ?,
       commit_hash = ?, repo = ?, rev = ? where key = ?`,
  ).run(
    run.displayName,
    JSON.stringify(run.tags),
    run.group,
    run.jobType,
    run.sweep,
    run.host,
    run.program,
    run.commit,
    run.repo,
    rev,
    key,
  );
  // What is stored must be readable by all who filter and order; a client hears of it at once.
  if (run.config !== before.config) parseLooseObject(run.config);
  if (run.summary !== before.summary) parseLooseObject(run.summary);
  if (run.config !== before.config || run.notes !== before.notes) {
    statement(db, 'update run_text set config = ?, notes = ? where run = ?').run(run.config, run.notes, key);
    statement(db, 'update run set text_rev = ? where key = ?').run(rev, key);
  }
  if (run.summary !== before.summary) {
    statement(db, 'update run_summary set summary = ? where run = ?').run(run.summary, key);
  }
  return run;
}

function withoutUndefined(patch: RunPatch): RunPatch {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}
