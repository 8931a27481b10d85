import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { breaches } from './import-law.ts';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

function planted(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'rooms-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

test('an import downwards is lawful', async () => {
  const src = planted({
    'core/base/a.ts': 'export const a = 1;\n',
    'core/model/b.ts': "export { a } from '../base/a.ts';\n",
  });
  expect(await breaches(src)).toEqual({ seen: 2, breaches: [] });
});

test.each([
  ['upwards', 'core/base/a.ts', "import '../model/b.ts';\n", 'may not import core/model'],
  ['of a kind of store', 'serve/hub/c.ts', "import '../store/sqlite/d.ts';\n", 'only serve/server'],
  ['of Node in a room for browsers', 'core/query/e.ts', "import 'node:fs';\n", 'must run in a browser'],
  ['in a circle', 'core/base/f.ts', "import './g.ts';\n", 'in a circle'],
  ['from a file in no room', 'attic/h.ts', 'export {};\n', 'lies in no room'],
])('an import %s is caught', async (_what, file, text, message) => {
  const src = planted({
    'core/model/b.ts': 'export {};\n',
    'serve/store/sqlite/d.ts': 'export {};\n',
    'core/base/g.ts': "import './f.ts';\n",
    'core/base/f.ts': 'export {};\n',
    [file]: text,
  });
  const found = (await breaches(src)).breaches.map((breach) => `${breach.file}: ${breach.message}`);
  expect(found.join('\n')).toContain(message);
});

test('a folder without sources is seen as nothing', async () => {
  expect((await breaches(planted({ 'readme.md': '' }))).seen).toBe(0);
});
