import type { LooseJson, ProjectKey, Run, RunKey } from '../../../../core/model/run.ts';
import type { RunState } from '../../../../core/model/run-state.ts';
import type { RunAttributes } from '../../../../core/query/filter-cell.ts';

/** A row of `run`. */
export interface RunRecord {
  key: number;
  project: number;
  id: string;
  display_name: string;
  state: string;
  state_reason: string | null;
  exit_code: number | null;
  tags: string;
  run_group: string | null;
  job_type: string | null;
  sweep: string | null;
  host: string | null;
  program: string | null;
  commit_hash: string | null;
  repo: string | null;
  user: string;
  created_at: number;
  heartbeat_at: number;
  finished_at: number | null;
  stop_requested_by: string | null;
  rev: number;
  text_rev: number;
}

/** A row of `run` with its texts and the names of its project. */
export interface WholeRunRecord extends RunRecord {
  entity: string;
  project_name: string;
  config: string;
  summary: string;
  notes: string | null;
}

/** Selects whole runs of projects that are there; a `where` that says which (`r` is the run) is put behind it. */
export const SELECT_WHOLE_RUN = `
  select r.*, p.entity, p.name as project_name, t.config, t.notes, s.summary
  from run r
  join project p on p.key = r.project and p.deleted_at is null
  join run_text t on t.run = r.key
  join run_summary s on s.run = r.key
`;

export function runOfRecord(record: WholeRunRecord): Run {
  return {
    key: record.key as RunKey,
    projectKey: record.project as ProjectKey,
    entity: record.entity,
    project: record.project_name,
    id: record.id,
    displayName: record.display_name,
    state: record.state as RunState,
    stateReason: record.state_reason,
    exitCode: record.exit_code,
    config: record.config as LooseJson,
    summary: record.summary as LooseJson,
    tags: JSON.parse(record.tags) as string[],
    notes: record.notes,
    group: record.run_group,
    jobType: record.job_type,
    sweep: record.sweep,
    host: record.host,
    program: record.program,
    commit: record.commit_hash,
    repo: record.repo,
    user: record.user,
    createdAt: record.created_at,
    heartbeatAt: record.heartbeat_at,
    finishedAt: record.finished_at,
    stopRequestedBy: record.stop_requested_by,
    rev: record.rev,
  };
}

/** What filters and orders may ask of the run itself. */
export function attributesOfRecord(record: RunRecord, notes: string | null): RunAttributes {
  return {
    id: record.id,
    displayName: record.display_name,
    state: record.state as RunState,
    group: record.run_group,
    jobType: record.job_type,
    tags: JSON.parse(record.tags) as string[],
    user: record.user,
    sweep: record.sweep,
    host: record.host,
    notes,
    createdAt: record.created_at,
    heartbeatAt: record.heartbeat_at,
    finishedAt: record.finished_at,
  };
}
