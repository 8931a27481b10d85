import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Reply } from '../../serve/api/client.ts';
import { client } from './client.ts';
import { queryClient } from './query-client.ts';

/** The pieces of the server's answers that pages pass around. */

export type RunRow = Reply<'runs'>['runs'][number];
export type RunDetail = Reply<'run'>;
export type ColumnInfo = Reply<'columns'>['columns'][number];
export type MetricInfo = Reply<'metrics'>['metrics'][number];
export type KeyInfo = Reply<'keys'>['keys'][number];

export type ConsoleLine = Reply<'console'>['lines'][number];

export interface RunName {
  readonly entity: string;
  readonly project: string;
  readonly run: string;
}

export function useProjects() {
  return useQuery({ queryKey: ['projects'], queryFn: ({ signal }) => client.call('projects', {}, signal) });
}

function columnsQuery(entity: string, project: string) {
  return queryOptions({
    queryKey: ['columns', entity, project],
    queryFn: ({ signal }) => client.call('columns', { at: { entity, project } }, signal),
  });
}

/** What config and summary of a project's runs hold, with how many runs hold it. */
export function useColumns(entity: string, project: string) {
  return useQuery(columnsQuery(entity, project));
}

/** The query of one window of the runs table; the key starts with what notices name. */
export function runsWindow(
  entity: string,
  project: string,
  query: { filter: string; order: string; columns: string; offset: number; limit: number },
) {
  const { filter, order, columns, offset, limit } = query;
  return {
    queryKey: ['runs', entity, project, filter, order, columns, offset, limit] as const,
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      client.call(
        'runs',
        {
          at: { entity, project },
          query: {
            offset,
            limit,
            ...(filter === '' ? {} : { filter }),
            ...(order === '' ? {} : { order }),
            ...(columns === '' ? {} : { columns }),
          },
        },
        // The first window starts the charts: it is let through even where other columns are asked for meanwhile.
        offset === 0 ? undefined : signal,
      ),
    placeholderData: keepPreviousData,
  };
}

function runQuery({ entity, project, run }: RunName) {
  return queryOptions({
    queryKey: ['run', entity, project, run],
    queryFn: ({ signal }) => client.call('run', { at: { entity, project, run } }, signal),
  });
}

export function useRun(name: RunName) {
  return useQuery(runQuery(name));
}

/** What the client told of the machine. */
export function useSystemKeys({ entity, project, run }: RunName) {
  return useQuery({
    queryKey: ['keys', entity, project, run],
    queryFn: ({ signal }) => client.call('keys', { at: { entity, project, run }, query: { stream: 'system' } }, signal),
  });
}

function metricsQuery(entity: string, project: string, runs: readonly string[]) {
  return queryOptions({
    queryKey: ['metrics', entity, project, runs.join(',')],
    queryFn: ({ signal }) =>
      client.call('metrics', { at: { entity, project }, query: { runs: runs.join(',') } }, signal),
    placeholderData: keepPreviousData,
    enabled: runs.length > 0,
  });
}

/** What these runs logged as numbers, without the client's own keys and without what they hide; undefined before the answer. */
export function useMetrics(
  entity: string,
  project: string,
  runs: readonly string[],
): readonly MetricInfo[] | undefined {
  const { data } = useQuery(metricsQuery(entity, project, runs));
  return useMemo(() => data?.metrics.filter(({ key, hidden }) => !hidden && !key.startsWith('_')), [data]);
}

/** Asks for what a run's page begins with while the page's own code is still on its way. */
export function expectRun(name: RunName): void {
  void queryClient.prefetchQuery(runQuery(name));
  void queryClient.prefetchQuery(metricsQuery(name.entity, name.project, [name.run]));
}

/** The same for a project's page. */
export function expectProject(entity: string, project: string): void {
  void queryClient.prefetchQuery(columnsQuery(entity, project));
}

export function useRunFiles({ entity, project, run }: RunName) {
  return useQuery({
    queryKey: ['files', entity, project, run],
    queryFn: ({ signal }) => client.call('files', { at: { entity, project, run } }, signal),
  });
}
