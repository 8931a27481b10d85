import { appendFileSync } from 'node:fs';

/**
 * What a test needs beyond Node and npm, by the names that `TRACKSIDE_REQUIRE` takes (a comma list, or `all`). Where it is
 * missing the tests are skipped by name; where it is required, a skip is a failure.
 */
export type Requirement =
  | 'python'
  | 'browser'
  | 'postgres'
  | 's3'
  | 'slurm'
  | 'ray'
  | 'skypilot'
  | 'jupyter'
  | 'cc'
  | 'gpu';

/** Whether the tests that need `what` are to be skipped; throws when they may not be. `why` says what is missing and the remedy. */
export function isSkipped(what: Requirement, isThere: boolean, why: string): boolean {
  if (isThere) return false;
  const required = (process.env['TRACKSIDE_REQUIRE'] ?? '').split(',').map((name) => name.trim());
  if (required.includes(what) || required.includes('all'))
    throw new Error(`TRACKSIDE_REQUIRE asks for ${what}: ${why}`);
  const list = process.env['TRACKSIDE_SKIP_LIST'];
  if (list !== undefined) appendFileSync(list, `${what}: ${why}\n`);
  return true;
}
