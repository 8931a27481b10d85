import type { LineBase, RunRecord } from '../wire/wandb-record.ts';
import { jsonMembers, jsonNumber, parseLoosely } from '../wire/json-text.ts';
import { LinkError, type ServerLink } from './server-link.ts';

/** A run as its server knows it. */
export interface KnownRun {
  readonly entity: string;
  readonly project: string;
  readonly displayName: string;
}

/** Where a run stands that the server has already. */
export interface FormerPart {
  readonly lines: LineBase;
  /** JSON text of the config as the server keeps it and of the summary. */
  readonly config: string;
  readonly summary: string;
  /** The step that the next row may have, and the seconds that the run has lasted. */
  readonly nextStep: number;
  readonly runtimeS: number;
  readonly displayName: string;
}

const DEFAULT_ENTITY = `query Viewer { viewer { id entity } }`;

const FEATURES = `query ServerFeaturesQuery { serverInfo { features { name isEnabled } } }`;

const RESUME = `query RunResumeStatus($project: String, $entity: String, $name: String!) {
  model(name: $project, entityName: $entity) {
    id name entity { id name }
    bucket(name: $name, missingOk: true) {
      id name displayName config summaryMetrics historyLineCount eventsLineCount logLineCount historyTail eventsTail
    }
  }
}`;

const ROWS_AT = `query RowsAt($project: String, $entity: String, $run: String!, $from: Int64, $to: Int64) {
  project(name: $project, entityName: $entity) { run(name: $run) { history(minStep: $from, maxStep: $to, samples: 1000) } }
}`;

const UPSERT = `mutation UpsertBucket($name: String, $project: String, $entity: String, $groupName: String,
  $displayName: String, $notes: String, $commit: String, $config: JSONString, $host: String, $program: String,
  $repo: String, $jobType: String, $sweep: String, $tags: [String!]) {
  upsertBucket(input: { name: $name, modelName: $project, entityName: $entity, groupName: $groupName,
    displayName: $displayName, notes: $notes, commit: $commit, config: $config, host: $host, jobProgram: $program,
    jobRepo: $repo, jobType: $jobType, sweep: $sweep, tags: $tags }) {
    bucket { id name displayName project { id name entity { id name } } }
    inserted
  }
}`;

const CREATE_FILES = `mutation CreateRunFiles($entity: String!, $project: String!, $run: String!, $files: [String!]!) {
  createRunFiles(input: { entityName: $entity, projectName: $project, runName: $run, files: $files }) {
    runID uploadHeaders files { name uploadUrl }
  }
}`;

/** The entity whose runs these are when none is named: the key holder's own. Refused keys are a fatal `LinkError`. */
export async function askDefaultEntity(link: ServerLink): Promise<string> {
  const { viewer } = (await link.graphql(DEFAULT_ENTITY, {})) as { viewer: { entity: string | null } | null };
  if (viewer === null) throw new LinkError('the server does not know this API key; set WANDB_API_KEY', true, 401);
  return viewer.entity ?? '';
}

/** Whether console lines are to be sent as JSON objects. Servers that know no features take plain text. */
export async function askStructuredConsole(link: ServerLink): Promise<boolean> {
  try {
    const { serverInfo } = (await link.graphql(FEATURES, {})) as {
      serverInfo: { features: { name: string; isEnabled: boolean }[] | null } | null;
    };
    return serverInfo?.features?.some((each) => each.name === 'STRUCTURED_CONSOLE_LOGS' && each.isEnabled) ?? false;
  } catch (error) {
    if (error instanceof LinkError && error.fatal) return false;
    throw error;
  }
}

/** What the server has of a run so far; null when it has none. */
export async function askFormerPart(
  link: ServerLink,
  run: { entity: string; project: string; id: string },
): Promise<FormerPart | null> {
  const variables = { project: run.project, entity: run.entity, name: run.id };
  const { model } = (await link.graphql(RESUME, variables)) as { model: { bucket: ResumeBucket | null } | null };
  const bucket = model?.bucket;
  if (!bucket) return null;
  const lines = {
    history: bucket.historyLineCount ?? 0,
    system: bucket.eventsLineCount ?? 0,
    console: bucket.logLineCount ?? 0,
  };
  const summary = bucket.summaryMetrics ?? '{}';
  const known = new Map(jsonMembers(summary));
  const tail = new Map(jsonMembers(lastRow(bucket.historyTail)));
  const last = (key: string): number | null => jsonNumber(tail.get(key) ?? known.get(key) ?? '');
  const lastStep = last('_step');
  const internals = new Map(jsonMembers(known.get('_wandb') ?? '{}'));
  return {
    lines,
    config: bucket.config ?? '{}',
    summary,
    nextStep: lines.history > 0 && lastStep !== null && Number.isInteger(lastStep) ? lastStep + 1 : 0,
    runtimeS: Math.max(0, last('_runtime') ?? 0, jsonNumber(internals.get('runtime') ?? '') ?? 0),
    displayName: bucket.displayName ?? '',
  };
}

/** The rows, as JSON texts, that the run has at a step; null when the server cannot say. */
export async function askRowsAt(
  link: ServerLink,
  run: { entity: string; project: string; id: string },
  step: number,
): Promise<readonly string[] | null> {
  const variables = { project: run.project, entity: run.entity, run: run.id, from: step, to: step + 1 };
  try {
    const { project } = (await link.graphql(ROWS_AT, variables)) as {
      project?: { run: { history: readonly string[] | null } | null } | null;
    };
    return project?.run?.history ?? null;
  } catch (error) {
    if (error instanceof LinkError && error.fatal) return null;
    throw error;
  }
}

interface ResumeBucket {
  readonly displayName: string | null;
  readonly config: string | null;
  readonly summaryMetrics: string | null;
  readonly historyLineCount: number | null;
  readonly eventsLineCount: number | null;
  readonly logLineCount: number | null;
  readonly historyTail: string | null;
}

/** The last row of a tail, which is JSON text of a list of JSON texts. */
function lastRow(tail: string | null): string {
  const rows = parseLoosely(tail ?? '[]');
  const last: unknown = Array.isArray(rows) ? rows.at(-1) : undefined;
  return typeof last === 'string' ? last : '{}';
}

/** Begins a run, or continues it, by name. Fields that are empty are left as the server has them. */
export async function upsertRun(
  link: ServerLink,
  record: RunRecord,
  place: { entity: string; project: string },
  config: string,
  program: string,
): Promise<KnownRun> {
  const orNull = (text: string): string | null => (text === '' ? null : text);
  const variables = {
    name: record.runId,
    project: place.project,
    entity: place.entity,
    groupName: orNull(record.group),
    displayName: orNull(record.displayName),
    notes: orNull(record.notes),
    commit: orNull(record.commit),
    config,
    host: orNull(record.host),
    program: orNull(program),
    repo: orNull(record.remoteUrl),
    jobType: orNull(record.jobType),
    sweep: orNull(record.sweep),
    tags: record.tags.length > 0 ? record.tags : null,
  };
  return knownRun(await link.graphql(UPSERT, variables, 409), place);
}

/** Replaces the run's config; everything else stays. */
export async function updateConfig(
  link: ServerLink,
  run: { entity: string; project: string; id: string },
  config: string,
): Promise<void> {
  await link.graphql(UPSERT, { name: run.id, project: run.project, entity: run.entity, config }, 409);
}

function knownRun(data: Record<string, unknown>, asked: { entity: string; project: string }): KnownRun {
  const { bucket } = (data as { upsertBucket: { bucket: UpsertedBucket | null } | null }).upsertBucket ?? {};
  if (!bucket) throw new LinkError('the server did not take the run, and gave no reason', true);
  return {
    entity: bucket.project?.entity?.name ?? asked.entity,
    project: bucket.project?.name ?? asked.project,
    displayName: bucket.displayName ?? bucket.name,
  };
}

interface UpsertedBucket {
  readonly name: string;
  readonly displayName: string | null;
  readonly project: { readonly name: string; readonly entity: { readonly name: string } | null } | null;
}

/** Addresses to upload run files to. Files that the server wants no bytes of are left out. */
export async function createRunFiles(
  link: ServerLink,
  run: { entity: string; project: string; id: string },
  files: readonly string[],
): Promise<{ name: string; url: string; headers: Record<string, string> }[]> {
  const { createRunFiles: created } = (await link.graphql(CREATE_FILES, {
    entity: run.entity,
    project: run.project,
    run: run.id,
    files,
  })) as { createRunFiles: { uploadHeaders: string[] | null; files: { name: string; uploadUrl: string | null }[] } };
  const headers = Object.fromEntries(
    (created.uploadHeaders ?? []).map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
  return created.files.flatMap(({ name, uploadUrl }) => (uploadUrl ? [{ name, url: uploadUrl, headers }] : []));
}
