import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { runsWindow, type RunRow } from '../data/queries.ts';

export const WINDOW_ROWS = 100;

export interface RunTableQuery {
  readonly entity: string;
  readonly project: string;
  readonly filter: string;
  readonly order: string;
  readonly columns: string;
}

export interface RunWindows {
  /** Undefined before the first answer. */
  readonly total: number | undefined;
  /** The run of a row of the table; undefined while its window is on its way. */
  row(index: number): RunRow | undefined;
  /** The first rows, at most one window: what charts start from. */
  readonly first: readonly RunRow[];
  readonly error: string | null;
}

/** The table by windows of a hundred rows: the first one always, the others as they come into view. */
export function useRunWindows(query: RunTableQuery, visible: { first: number; last: number }): RunWindows {
  const window = (index: number) =>
    runsWindow(query.entity, query.project, { ...query, offset: index * WINDOW_ROWS, limit: WINDOW_ROWS });
  const { data: head, error } = useQuery(window(0));
  const from = Math.max(1, Math.floor(visible.first / WINDOW_ROWS));
  const to = Math.floor(visible.last / WINDOW_ROWS);
  const indexes = Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
  const others = useQueries({ queries: indexes.map(window) });
  const rows = new Map<number, readonly RunRow[]>();
  for (const [at, index] of indexes.entries()) rows.set(index, others[at]?.data?.runs ?? []);
  const first = useMemo(() => head?.runs ?? [], [head]);
  return {
    total: head?.total,
    first,
    error: error?.message ?? null,
    row: (index) =>
      index < WINDOW_ROWS ? first[index] : rows.get(Math.floor(index / WINDOW_ROWS))?.[index % WINDOW_ROWS],
  };
}

/** Runs that were added to the charts by hand and may lie far down the table, or outside the filter. */
export function useRunsById(entity: string, project: string, ids: readonly string[]): readonly RunRow[] {
  const named = ids.filter((id) => /^[\w.-]+$/.test(id));
  const { data } = useQuery({
    ...runsWindow(entity, project, {
      filter: `id:${named.join(',')}`,
      order: '',
      columns: '',
      offset: 0,
      limit: Math.max(1, named.length),
    }),
    enabled: named.length > 0,
  });
  return named.length === 0 ? NONE : (data?.runs ?? NONE);
}

const NONE: readonly RunRow[] = [];
