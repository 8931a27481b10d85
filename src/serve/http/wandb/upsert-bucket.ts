import { Refusal } from '../../../core/model/refusal.ts';
import { RUN_STATES } from '../../../core/model/run-state.ts';
import type { LooseJson, RunPatch } from '../../../core/model/run.ts';
import { parseLooseObject } from '../../../core/query/loose-json.ts';
import { parseRunStorageId } from '../../../track/wire/graphql/storage-id.ts';
import type { Caller } from './caller.ts';
import { type FoundRun, foundRun } from './found-run.ts';

/** Null and absent alike leave a value alone. */
export interface UpsertBucketInput {
  readonly id?: string | null;
  readonly name?: string | null;
  readonly displayName?: string | null;
  readonly modelName?: string | null;
  readonly entityName?: string | null;
  readonly notes?: string | null;
  readonly groupName?: string | null;
  readonly jobType?: string | null;
  readonly tags?: readonly string[] | null;
  readonly config?: string | null;
  readonly summaryMetrics?: string | null;
  readonly commit?: string | null;
  readonly host?: string | null;
  readonly jobProgram?: string | null;
  readonly jobRepo?: string | null;
  readonly state?: string | null;
  readonly sweep?: string | null;
}

/**
 * Two things in one mutation: without a name (`wandb.Api`, by storage id) it edits a run and leaves its state alone; with a
 * name (a program at work) it creates the run or starts it again.
 *
 * A program begins its rows at the line that the answer names (`historyLineCount`): so parts of a run that were logged
 * offline under one id, and are uploaded one after the other, follow each other. One that resumes sends the storage id too.
 */
export async function upsertBucket(
  caller: Caller,
  input: UpsertBucketInput,
): Promise<{ bucket: FoundRun; inserted: boolean }> {
  const { hub, who } = caller;
  const patch = patchOf(input);
  const known = input.id ? parseRunStorageId(input.id) : null;
  if (input.id && known === null) throw new Refusal('not_found', 'There is no run with this storage id.');
  if (!input.name) {
    if (known === null) throw new Refusal('bad_request', 'upsertBucket needs the name or the id of a run.');
    return { bucket: foundRun(caller, await hub.runs.edit(who, known, patch)), inserted: false };
  }
  const state = input.state ? RUN_STATES.find((one) => one === input.state) : undefined;
  if (input.state && state === undefined)
    throw new Refusal('bad_request', `${input.state} is no state of a run; there are ${RUN_STATES.join(', ')}.`);
  const at = {
    entity: input.entityName || (known?.entity ?? null),
    project: input.modelName || (known?.project ?? null),
    id: input.name,
  };
  const { run, inserted, extent } = await hub.runs.start(who, at, patch, state);
  return { bucket: foundRun(caller, run, extent), inserted };
}

function patchOf(input: UpsertBucketInput): RunPatch {
  const patch = {
    displayName: input.displayName,
    config: looseObject(input.config, 'config'),
    summary: looseObject(input.summaryMetrics, 'summaryMetrics'),
    tags: input.tags,
    notes: input.notes,
    group: input.groupName,
    jobType: input.jobType,
    sweep: input.sweep,
    host: input.host,
    program: input.jobProgram,
    commit: input.commit,
    repo: input.jobRepo,
  };
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== null && value !== undefined));
}

function looseObject(text: string | null | undefined, name: string): LooseJson | null {
  if (text === null || text === undefined) return null;
  try {
    parseLooseObject(text);
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal('bad_request', `${name} of the run: ${error.message}`);
    throw error;
  }
  return text as LooseJson;
}
