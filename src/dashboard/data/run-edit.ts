import { useMutation } from '@tanstack/react-query';
import { client } from './client.ts';
import type { RunDetail, RunName } from './queries.ts';
import { queryClient } from './query-client.ts';

export type RunChange = Partial<Pick<RunDetail, 'displayName' | 'notes' | 'tags' | 'group' | 'jobType'>>;

/** Changes what people may change of a run. The answer is shown at once. */
export function useEditRun({ entity, project, run }: RunName) {
  return useMutation({
    mutationFn: (change: RunChange) =>
      client.call('editRun', {
        at: { entity, project, run },
        body: { ...change, ...(change.tags === undefined ? {} : { tags: [...change.tags] }) },
      }),
    onSuccess: (changed) => queryClient.setQueryData(['run', entity, project, run], changed),
  });
}

/** Asks the run's program to stop; it learns of it with its next upload. */
export function useStopRun({ entity, project, run }: RunName) {
  return useMutation({
    mutationFn: () => client.call('stopRun', { at: { entity, project, run } }),
    onSuccess: (changed) => queryClient.setQueryData(['run', entity, project, run], changed),
  });
}
