import type { LooseJson, ProjectKey, Run, RunKey } from '../model/run.ts';

type Example = Partial<Omit<Run, 'config' | 'summary'>> & { config?: string; summary?: string };

/** A run for tests, whole, with what a test gives in place of the plain values. */
export function exampleRun({ config = '{}', summary = '{}', ...given }: Example = {}): Run {
  return {
    key: 1 as RunKey,
    projectKey: 1 as ProjectKey,
    entity: 'ann',
    project: 'demo',
    id: 'run1',
    displayName: 'run1',
    state: 'running',
    stateReason: null,
    exitCode: null,
    tags: [],
    notes: null,
    group: null,
    jobType: null,
    sweep: null,
    host: null,
    program: null,
    commit: null,
    repo: null,
    user: 'ann',
    createdAt: 0,
    heartbeatAt: 0,
    finishedAt: null,
    stopRequestedBy: null,
    rev: 1,
    ...given,
    config: config as LooseJson,
    summary: summary as LooseJson,
  };
}
