import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/** What the whole repository keeps to, beyond what linter and compiler see. Needs no git: a downloaded copy is checked as well. */
const root = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = ['.ci', 'bench', 'bin', 'docs', 'examples', 'interop', 'src', 'tools'];
/** Made by programs, and ignored by git. */
const MADE = /(^|\/)(node_modules|__pycache__|fixtures|wandb\/(offline-)?run-)/;
const THIS = 'tools/ratchet.test.ts';

const files = [
  ...readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.tgz'))
    .map((entry) => entry.name),
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length)),
  ),
].filter((file) => file !== THIS && !MADE.test(file));
const textOf = (file: string) => readFileSync(join(root, file), 'latin1');
const isCode = (file: string) => /\.(ts|tsx|js|css|py|sql|sh)$/.test(file);

/** Where a pattern is found, as `file:line`. */
function places(pattern: RegExp, among: readonly string[]): string[] {
  return among.flatMap((file) =>
    textOf(file)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1} ${line.trim().slice(0, 120)}`] : [])),
  );
}

test('it looks at the repository', () => {
  expect(files.length).toBeGreaterThan(400);
  expect(files).toContain('src/cli/main.ts');
  expect(places(/export interface Store\b/, files).length).toBeGreaterThan(0);
});

describe('what there may be only so much of in src: fewer are welcome, and then the number here goes down', () => {
  const source = files.filter((file) => /^src\/.*\.tsx?$/.test(file) && !/\.(test|double)\.tsx?$/.test(file));
  test.each([
    ['casts through unknown', /\bas unknown as\b/, 30],
    ['rules of the linter that are switched off', /oxlint-disable/, 4],
    ['any', /\bas any\b|: any(\[\])?[;,)=]/, 0],
    ['notes of what is to be done', /\b(TODO|FIXME|XXX)\b/, 0],
  ])('%s', (_name, pattern, allowed) => {
    const found = places(pattern, source);
    // All of them are shown, for the new one is among them.
    expect(found.length === allowed ? [] : found).toEqual([]);
  });
});

test('no file names a folder of somebody’s machine, or the registry that a package came from', () => {
  const machine = /(?<![\w.$}])\/(work|tmp\/ts|root|home\/(?!user\b|ann\b)\w+|Users\/\w+)\//;
  const registry = /registry\.(npmjs|yarnpkg)|"resolved": "http|pypi\.org\/simple|index-url|_authToken/;
  expect(places(machine, files)).toEqual([]);
  expect(places(registry, files)).toEqual([]);
});

test('a file is called by its one noun, and is not too long to be read', () => {
  expect(files.filter((file) => /^(utils?|helpers?|common|manager)\./.test(basename(file)))).toEqual([]);
  const long = files.filter((file) => isCode(file) && textOf(file).split('\n').length > 501);
  expect(long).toEqual([]);
});
