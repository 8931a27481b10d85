import { Refusal } from './refusal.ts';

/** W&B's rule for ids of runs and names of projects: 1 to 128 characters, none of `/\#?%:`, no control characters. */
const PATH_NAME = /^[^/\\#?%:\p{Cc}\p{Cs}]{1,128}$/u;

/** Names of users and teams stand at the start of addresses, so they may not look like one of the server's own pages. */
const ENTITY_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;
const PAGES = new Set([
  'api',
  'artifacts',
  'artifactsv2',
  'assets',
  'authorize',
  'files',
  'graphql',
  'healthz',
  'metrics',
  'oidc',
  'ready',
  'sdk',
]);

/** Refuses (`bad_request`) what cannot be the id of a run. */
export function checkRunId(id: string): void {
  checkPathName('run id', id);
}

/** Refuses (`bad_request`) what cannot be the name of a project. */
export function checkProjectName(name: string): void {
  checkPathName('project name', name);
}

/** Refuses (`bad_request`) what cannot be the name of a user or a team. */
export function checkEntityName(name: string): void {
  if (ENTITY_NAME.test(name) && !PAGES.has(name.toLowerCase())) return;
  throw new Refusal(
    'bad_request',
    `${quoted(name)} cannot name a user or a team: use 1 to 128 letters, digits, "_", "." and "-", begin with a letter or digit, and take no name of the server's own pages.`,
  );
}

/**
 * Refuses (`bad_request`) what cannot name a file of a run: empty, longer than 1,024 bytes, with control characters or a
 * backslash, absolute, or with an empty, `.` or `..` segment.
 */
export function checkFileName(name: string): void {
  const segments = name.split('/');
  const isPlain = !/[\\\p{Cc}\p{Cs}]/u.test(name) && new TextEncoder().encode(name).length <= 1_024;
  if (isPlain && segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..')) return;
  throw new Refusal(
    'bad_request',
    `${quoted(name)} cannot name a file: use at most 1,024 bytes, segments joined by single "/", none of them "." or "..", no backslash and no control characters.`,
  );
}

function checkPathName(what: string, name: string): void {
  if (PATH_NAME.test(name) && name !== '.' && name !== '..') return;
  throw new Refusal(
    'bad_request',
    `${quoted(name)} cannot be a ${what}: use 1 to 128 characters, none of / \\ # ? % : and no control characters.`,
  );
}

/** As JSON, so that control characters of the name do nothing to whoever reads the message; cut to what a line holds. */
function quoted(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}
