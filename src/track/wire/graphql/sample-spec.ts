import { type Result, fail, ok } from '../../../core/base/result.ts';

/** What one list of `Run.sampledHistory` shall hold: rows that have all keys, of steps in the range, at most so many. */
export interface SampleSpec {
  readonly keys: readonly string[] | null;
  readonly samples: number;
  readonly minStep: number | null;
  /** Inclusive. */
  readonly maxStep: number | null;
}

const SAMPLES_DEFAULT = 500;

/** Reads a spec; on failure the sentence that says why. An empty object asks for everything, as the client's agents do. */
export function parseSampleSpec(text: string): Result<SampleSpec, string> {
  let spec: unknown;
  try {
    spec = JSON.parse(text);
  } catch {
    return fail('A spec of sampledHistory is not JSON.');
  }
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec))
    return fail('A spec of sampledHistory must be an object.');
  const { keys, samples, minStep, maxStep } = spec as Readonly<Record<string, unknown>>;
  if (keys !== undefined && keys !== null && !isTextList(keys))
    return fail('`keys` of a spec of sampledHistory must be a list of names.');
  return ok({
    keys: isTextList(keys) && keys.length > 0 ? keys : null,
    samples: typeof samples === 'number' && samples >= 1 ? Math.floor(samples) : SAMPLES_DEFAULT,
    minStep: typeof minStep === 'number' ? minStep : null,
    maxStep: typeof maxStep === 'number' ? maxStep : null,
  });
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
