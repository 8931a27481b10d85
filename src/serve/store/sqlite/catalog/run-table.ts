import type { DatabaseSync } from 'node:sqlite';
import type { ProjectKey, Run, RunKey } from '../../../../core/model/run.ts';
import { type Cell, cellOf } from '../../../../core/query/filter-cell.ts';
import type { Filter } from '../../../../core/query/filter.ts';
import { matchesFilter } from '../../../../core/query/filter-match.ts';
import type { RunField } from '../../../../core/query/run-field.ts';
import { compareRuns } from '../../../../core/query/run-order.ts';
import type { RunQuery, RunRow } from '../../runs.ts';
import type { ReadContext } from '../operations.ts';
import { statement } from '../statements.ts';
import { readRuns } from './run-reads.ts';

export const runTableReads = {
  tableRuns(
    { db }: ReadContext,
    query: RunQuery,
    columns: readonly RunField[],
  ): { total: number; rows: readonly RunRow[] } {
    const { total, runs } = page(db, query);
    return { total, rows: runs.map((run) => rowOf(run, columns)) };
  },

  listRuns({ db }: ReadContext, query: RunQuery): { total: number; runs: readonly Run[] } {
    return page(db, query);
  },

  countRuns({ db }: ReadContext, project: ProjectKey, filter: Filter | null): number {
    return allRuns(db, project).filter((run) => matchesFilter(run, filter)).length;
  },
};

function page(db: DatabaseSync, query: RunQuery): { total: number; runs: readonly Run[] } {
  const runs = allRuns(db, query.project).filter((run) => matchesFilter(run, query.filter));
  runs.sort((a, b) => compareRuns(a, b, query.order));
  return { total: runs.length, runs: runs.slice(query.offset, query.offset + query.limit) };
}

function allRuns(db: DatabaseSync, project: ProjectKey): Run[] {
  const keys = statement(db, 'select key from run where project = ?').all(project) as unknown as { key: RunKey }[];
  return [
    ...readRuns(
      db,
      keys.map(({ key }) => key),
    ),
  ];
}

function rowOf(run: Run, columns: readonly RunField[]): RunRow {
  const { key, id, displayName, state, stateReason, tags, group, jobType, user } = run;
  const { createdAt, heartbeatAt, finishedAt, rev } = run;
  const values = columns.map((column) => shown(cellOf(run, column)));
  return {
    key,
    id,
    displayName,
    state,
    stateReason,
    tags,
    group,
    jobType,
    user,
    createdAt,
    heartbeatAt,
    finishedAt,
    rev,
    values,
  };
}

function shown(cell: Cell): RunRow['values'][number] {
  if (cell === undefined) return null;
  if (typeof cell === 'bigint') return String(cell);
  return Array.isArray(cell) ? JSON.stringify(cell) : (cell as Exclude<Cell, undefined | bigint | readonly string[]>);
}
