import type { DatabaseSync } from 'node:sqlite';
import type { ProjectKey, Run, RunKey } from '../../../../core/model/run.ts';
import type { Cell } from '../../../../core/query/filter-cell.ts';
import type { Filter } from '../../../../core/query/filter.ts';
import type { RunField } from '../../../../core/query/run-field.ts';
import type { RunQuery, RunRow } from '../../runs.ts';
import type { ReadContext } from '../operations.ts';
import { readCells } from './run-cells.ts';
import { readRuns } from './run-reads.ts';
import { attributesOfRecord, type RunRecord } from './run-row.ts';
import { countRuns, selectRuns } from './run-select.ts';

export const runTableReads = {
  tableRuns(
    { db }: ReadContext,
    query: RunQuery,
    columns: readonly RunField[],
  ): { total: number; rows: readonly RunRow[] } {
    const { total, keys } = selectRuns(db, query);
    return { total, rows: readRows(db, keys, columns) };
  },

  listRuns({ db }: ReadContext, query: RunQuery): { total: number; runs: readonly Run[] } {
    const { total, keys } = selectRuns(db, query);
    return { total, runs: readRuns(db, keys) };
  },

  countRuns({ db }: ReadContext, project: ProjectKey, filter: Filter | null): number {
    return countRuns(db, project, filter);
  },
};

function readRows(db: DatabaseSync, keys: readonly number[], columns: readonly RunField[]): readonly RunRow[] {
  const found = new Map<number, RunRow>();
  readCells(db, { keys }, columns, (record, cells) => found.set(record.key, rowOf(record, cells.map(shown))));
  return keys.flatMap((key) => found.get(key) ?? []);
}

function rowOf(record: RunRecord, values: RunRow['values']): RunRow {
  const { id, displayName, state, tags, group, jobType, user, createdAt, heartbeatAt, finishedAt } = attributesOfRecord(
    record,
    null,
  );
  return {
    key: record.key as RunKey,
    id,
    displayName,
    state,
    stateReason: record.state_reason,
    tags,
    group,
    jobType,
    user,
    createdAt,
    heartbeatAt,
    finishedAt,
    rev: record.rev,
    values,
  };
}

/** As a table shows it: lists as JSON text, integers beyond 2^53 as their digits. */
function shown(cell: Cell): RunRow['values'][number] {
  if (cell === undefined) return null;
  if (typeof cell === 'bigint') return String(cell);
  return typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : cell;
}
