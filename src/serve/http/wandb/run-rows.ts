import { Refusal } from '../../../core/model/refusal.ts';
import type { LooseJson, Run } from '../../../core/model/run.ts';
import { parseSampleSpec } from '../../../track/wire/graphql/sample-spec.ts';
import { strictJson } from '../../../track/wire/graphql/strict-json.ts';
import { RawJson } from './answer-text.ts';
import type { Caller } from './caller.ts';

const SAMPLES_DEFAULT = 500;
const ROWS_MAX = 10_000;
/** Of the rows in one answer, as text, beyond which no further ones are fetched. */
const TEXT_MAX = 64 * 2 ** 20;

function rowLimit(samples: number | null | undefined): number {
  return Math.min(Math.max(samples ?? SAMPLES_DEFAULT, 1), ROWS_MAX);
}

/** `Run.history`: the rows of a range of steps (`maxStep` exclusive; the first ones, when the range is wider than `samples`), or rows spread over everything when no range is given. */
export async function stepPage(
  caller: Caller,
  run: Run,
  page: { readonly samples?: number | null; readonly minStep?: number | null; readonly maxStep?: number | null },
): Promise<readonly string[]> {
  const { minStep = null, maxStep = null } = page;
  if (minStep === null && maxStep === null) return spreadRows(caller, run, 'history', page.samples);
  const range = {
    ...(minStep === null ? {} : { minStep }),
    ...(maxStep === null ? {} : { maxStep: maxStep - 1 }),
  };
  if (isPageOfScan(range, page.samples)) return everyRow(caller, run, range);
  const { rows } = await caller.hub.streams.rows(caller.who, run, {
    stream: 'history',
    ...range,
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

/** One list of `Run.sampledHistory`, spread evenly over what matches; of a range no wider than `samples`, all. Here rows are objects inside a strict answer, so NaN and infinities become strings. */
export async function sampledHistory(caller: Caller, run: Run, text: string): Promise<readonly RawJson[]> {
  const spec = parseSampleSpec(text);
  if (!spec.ok) throw new Refusal('bad_request', spec.error);
  const { keys, samples, minStep, maxStep } = spec.value;
  const range = {
    ...(keys === null ? {} : { keys }),
    ...(minStep === null ? {} : { minStep }),
    ...(maxStep === null ? {} : { maxStep }),
  };
  if (isPageOfScan(range, samples)) return asObjects(await everyRow(caller, run, range));
  const { rows } = await caller.hub.streams.rows(caller.who, run, {
    stream: 'history',
    ...range,
    limit: rowLimit(samples),
    sample: true,
  });
  return asObjects(rows);
}

interface StepRange {
  readonly keys?: readonly string[];
  readonly minStep?: number;
  /** Inclusive. */
  readonly maxStep?: number;
}

/** A range no wider than the rows asked for: so `scan_history` walks a run, going on by steps whatever came back. */
function isPageOfScan({ minStep, maxStep }: StepRange, samples: number | null | undefined): boolean {
  return minStep !== undefined && maxStep !== undefined && maxStep - minStep <= (samples ?? SAMPLES_DEFAULT);
}

/** All rows of a range, also where a step has several, so that a scan misses none. */
async function everyRow(caller: Caller, run: Run, range: StepRange): Promise<readonly LooseJson[]> {
  const all: LooseJson[] = [];
  let size = 0;
  for (let fromRow: number | null = 0; fromRow !== null;) {
    const page: { rows: readonly LooseJson[]; nextRow: number | null } = await caller.hub.streams.rows(
      caller.who,
      run,
      {
        stream: 'history',
        ...range,
        fromRow,
        limit: ROWS_MAX,
      },
    );
    for (const row of page.rows) {
      all.push(row);
      size += row.length;
    }
    fromRow = page.nextRow;
    if (fromRow !== null && size > TEXT_MAX)
      throw new Refusal(
        'bad_request',
        `The steps ${range.minStep} to ${range.maxStep} hold more rows than one answer takes: ask for fewer at once, in scan_history with a smaller page_size.`,
      );
  }
  return all;
}

function asObjects(rows: readonly LooseJson[]): readonly RawJson[] {
  return rows.map((row) => new RawJson(strictJson(row)));
}
