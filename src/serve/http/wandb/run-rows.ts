import { Refusal } from '../../../core/model/refusal.ts';
import type { Run } from '../../../core/model/run.ts';
import { parseSampleSpec } from '../../../track/wire/graphql/sample-spec.ts';
import { strictJson } from '../../../track/wire/graphql/strict-json.ts';
import { RawJson } from './answer-text.ts';
import type { Caller } from './caller.ts';

const SAMPLES_DEFAULT = 500;
const ROWS_MAX = 10_000;

function rowLimit(samples: number | null | undefined): number {
  return Math.min(Math.max(samples ?? SAMPLES_DEFAULT, 1), ROWS_MAX);
}

/** `Run.history`: the rows of a range of steps (`maxStep` exclusive), or rows spread over everything when no range is given. */
export async function stepPage(
  caller: Caller,
  run: Run,
  page: { readonly samples?: number | null; readonly minStep?: number | null; readonly maxStep?: number | null },
): Promise<readonly string[]> {
  const { minStep = null, maxStep = null } = page;
  if (minStep === null && maxStep === null) return spreadRows(caller, run, 'history', page.samples);
  const { rows } = await caller.hub.streams.rows(caller.who, run, {
    stream: 'history',
    ...(minStep === null ? {} : { minStep }),
    ...(maxStep === null ? {} : { maxStep: maxStep - 1 }),
    limit: rowLimit(page.samples),
  });
  return rows;
}

/** Rows spread evenly over a stream, the first and the last among them. */
export async function spreadRows(
  caller: Caller,
  run: Run,
  stream: 'history' | 'system',
  samples: number | null | undefined,
): Promise<readonly string[]> {
  const { rows } = await caller.hub.streams.rows(caller.who, run, { stream, limit: rowLimit(samples), sample: true });
  return rows;
}

/** One list of `Run.sampledHistory`. Here rows are objects inside a strict answer, so NaN and infinities become strings. */
export async function sampledHistory(caller: Caller, run: Run, text: string): Promise<readonly RawJson[]> {
  const spec = parseSampleSpec(text);
  if (!spec.ok) throw new Refusal('bad_request', spec.error);
  const { keys, samples, minStep, maxStep } = spec.value;
  const { rows } = await caller.hub.streams.rows(caller.who, run, {
    stream: 'history',
    ...(keys === null ? {} : { keys }),
    ...(minStep === null ? {} : { minStep }),
    ...(maxStep === null ? {} : { maxStep }),
    limit: rowLimit(samples),
    sample: true,
  });
  return rows.map((row) => new RawJson(strictJson(row)));
}
