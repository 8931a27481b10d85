import { randomUUID } from 'node:crypto';
import { Refusal } from '../../../core/model/refusal.ts';
import { RUN_STATES, type RunState } from '../../../core/model/run-state.ts';
import type { RunPath } from '../../../core/model/run.ts';
import { type Alert, alertBody } from '../../../track/wire/graphql/alert.ts';
import { parseFileStorageId, parseRunStorageId } from '../../../track/wire/graphql/storage-id.ts';
import { type RunName, namedRun } from './caller.ts';
import type { Fields } from './fields.ts';
import { foundRun } from './found-run.ts';
import { type UpsertBucketInput, upsertBucket } from './upsert-bucket.ts';

interface Input<T> {
  readonly input: T;
}

export const mutationFields: Fields<unknown> = {
  upsertBucket: (_root, { input }: Input<UpsertBucketInput>, caller) => upsertBucket(caller, input),

  rewindRun: async (_root, { input }: Input<RunName & { metricName: string; metricValue: number }>, caller) => {
    if (input.metricName !== '_step')
      throw new Refusal('bad_request', `A run can be rewound to a _step, not to a value of ${input.metricName}.`);
    const { hub, who } = caller;
    const { run } = await hub.runs.rewind(who, await namedRun(caller, input), input.metricValue);
    return { rewoundRun: foundRun(caller, run) };
  },

  stopRun: async (_root, { input }: Input<{ id: string }>, { hub, who }) => {
    await hub.runs.stop(who, pathOf(input.id));
    return { success: true };
  },

  updateRunState: async (_root, { input }: Input<{ id: string; state: string }>, { hub, who }) => {
    await hub.runs.setState(who, pathOf(input.id), stateOf(input.state));
    return { success: true };
  },

  deleteRun: async (_root, { input }: Input<{ id: string }>, { hub, who }) => {
    const success = await hub.runs.delete(who, pathOf(input.id));
    if (!success) throw new Refusal('not_found', 'There is no such run: nothing was deleted.');
    return { success };
  },

  createRunFiles: async (_root, { input }: Input<RunName & { files: readonly string[] }>, caller) => {
    const run = await namedRun(caller, input);
    return {
      runID: run.id,
      uploadHeaders: [],
      files: input.files.map((name) => ({ run, name, file: null })),
    };
  },

  markRunFilesUploaded: async (_root, { input }: Input<RunName>, caller) => {
    await namedRun(caller, input); // a file counts from the moment its bytes are here
    return { success: true };
  },

  deleteFiles: async (_root, { input }: Input<{ files: readonly string[] }>, caller) => {
    for (const id of input.files) {
      const file = parseFileStorageId(id);
      if (file === null) throw new Refusal('bad_request', 'This is not the id of a file.');
      const { entity: entityName, project: projectName, id: runName } = file.path;
      const run = await namedRun(caller, { entityName, projectName, runName });
      await caller.hub.files.delete(caller.who, run, [file.name]);
    }
    return { success: true };
  },

  notifyScriptableRunAlert: async (_root, { input }: Input<RunName & Alert>, caller) => {
    const run = await namedRun(caller, input);
    // A writer of its own, so that the line gets in no program's way; it shows in the run's console.
    await caller.hub.streams.ingest(caller.who, run, `alert-${randomUUID()}`, alertBody(input, new Date()));
    return { success: true };
  },
};

function pathOf(id: string): RunPath {
  const path = parseRunStorageId(id);
  if (path === null) throw new Refusal('not_found', 'There is no run with this storage id.');
  return path;
}

function stateOf(text: string): RunState {
  const state = RUN_STATES.find((known) => known === text.toLowerCase());
  if (state === undefined)
    throw new Refusal('bad_request', `${text} is no state of a run; there are ${RUN_STATES.join(', ')}.`);
  return state;
}
