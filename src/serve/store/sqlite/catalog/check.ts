import type { DatabaseSync } from 'node:sqlite';
import { RUN_STATES } from '../../../../core/model/run-state.ts';
import { parseLooseObject } from '../../../../core/query/loose-json.ts';
import type { Finding } from '../../store.ts';
import type { ReadContext } from '../operations.ts';

const FINDINGS_MAX = 100;

/** What must not be, as a query for it that selects one text per case. */
const RULES: readonly { severity: Finding['severity']; sql: string; means: string }[] = [
  {
    severity: 'error',
    sql: 'select id from run where project not in (select key from project)',
    means: 'run belongs to no project and cannot be reached',
  },
  {
    severity: 'error',
    sql: 'select id from run where key not in (select run from run_text) or key not in (select run from run_summary)',
    means: 'run has lost its config or summary',
  },
  {
    severity: 'error',
    sql: `select run from (select run from run_text union select run from run_summary) where run not in (select key from run)`,
    means: 'texts of a run that is not there hold space (run number)',
  },
  {
    severity: 'error',
    sql: 'select name from run_file where run not in (select key from run union all select run from gone)',
    means: 'file belongs to no run',
  },
  {
    severity: 'error',
    sql: 'select run from gone where run in (select key from run)',
    means: 'run is both there and deleted (run number)',
  },
  {
    severity: 'error',
    sql: 'select blob from orphan where blob in (select blob from run_file)',
    means: 'blob is listed for removal and still a file of a run',
  },
  {
    severity: 'error',
    sql: 'select username from api_key where username not in (select username from user)',
    means: 'API key belongs to no user',
  },
  {
    severity: 'error',
    sql: 'select username from team_member where username not in (select username from user) or team not in (select name from team)',
    means: 'membership is of a user or team that is not there',
  },
  {
    severity: 'warning',
    sql: `select entity || '/' || name from project where deleted_at is null
      and entity not in (select username from user union all select name from team)`,
    means: 'project belongs to no user and no team; nobody can see it',
  },
  {
    severity: 'warning',
    sql: `select id from run where (state in ('pending', 'running', 'preempting')) = (finished_at is not null)`,
    means: 'run has a state that its time of ending does not agree with',
  },
];

export const catalogChecks = {
  /** Holds accounts, projects, runs and files against their own rules. */
  checkCatalog({ db }: ReadContext): readonly Finding[] {
    const findings: Finding[] = [];
    for (const { severity, sql, means } of RULES) {
      for (const row of db.prepare(`${sql} limit ${FINDINGS_MAX}`).iterate()) {
        findings.push({ severity, message: `catalog: ${means}: ${Object.values(row)[0]}` });
      }
    }
    return [...findings, ...unreadableRuns(db)].slice(0, FINDINGS_MAX);
  },
};

function unreadableRuns(db: DatabaseSync): Finding[] {
  const findings: Finding[] = [];
  const sql = `select r.id, r.state, r.tags, t.config, s.summary
    from run r join run_text t on t.run = r.key join run_summary s on s.run = r.key`;
  for (const row of db.prepare(sql).iterate() as Iterable<Record<string, string>>) {
    const what = unreadable(row);
    if (what === null) continue;
    findings.push({ severity: 'error', message: `catalog: run ${row['id']}: ${what}` });
    if (findings.length >= FINDINGS_MAX) break;
  }
  return findings;
}

function unreadable(row: Record<string, string>): string | null {
  if (!RUN_STATES.some((state) => state === row['state'])) return `there is no state ${row['state']}`;
  for (const part of ['config', 'summary']) {
    try {
      parseLooseObject(row[part] as string);
    } catch (error) {
      return `its ${part} cannot be read (${error instanceof Error ? error.message : String(error)})`;
    }
  }
  try {
    return Array.isArray(JSON.parse(row['tags'] as string)) ? null : 'its tags are no list';
  } catch {
    return 'its tags cannot be read';
  }
}
