import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeBlocks, commands, links } from './markdown.ts';
import { isPythonSkipped, pythonOf, runProgram } from './python.ts';
import { ServerProcess, SOURCE } from './server-process.ts';

/** What the documents tell people to type is typed here. */
const root = fileURLToPath(new URL('..', import.meta.url));
const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
  join('bench', 'README.md'),
].map((name) => join(root, name));
const nameOf = (file: string) => relative(root, file);

let server: ServerProcess;
let folder: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  server = await ServerProcess.start();
  folder = mkdtempSync(join(tmpdir(), 'trackside docs-'));
  // The commands as `npx` finds them in a project that has the package.
  const installed = join(folder, 'node_modules', 'trackside');
  for (const name of ['bin', 'dist', 'package.json'])
    cpSync(join(root, name), join(installed, name), { recursive: true });
  mkdirSync(join(folder, 'node_modules', '.bin'));
  symlinkSync('../trackside/bin/trackside.js', join(folder, 'node_modules', '.bin', 'trackside'));
  symlinkSync(join(root, 'node_modules', 'yaml'), join(folder, 'node_modules', 'yaml'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'notes.md'), 'kept\n');
  env = {
    PATH: process.env['PATH'],
    HOME: folder,
    LANG: 'C.UTF-8',
    TRACKSIDE_HOME: server.home,
    WANDB_BASE_URL: server.url,
    WANDB_API_KEY: server.apiKey,
    WANDB_SILENT: 'true',
    WANDB_ERROR_REPORTING: 'false',
    NO_COLOR: '1',
  };
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

test.each(documents.map((file) => [nameOf(file), file]))('links of %s lead somewhere', (_name, file) => {
  const within = links(file).filter((link) => !/^(https?:|#)/.test(link));
  expect(within.filter((link) => !existsSync(join(dirname(file), link.replace(/#.*/, ''))))).toEqual([]);
});

test('commands of the documents exist, and so do their options', () => {
  const called = documents.flatMap((file) => commands(file).map((words) => ({ file: nameOf(file), words })));
  expect(called.length).toBeGreaterThan(15);
  const helps = new Map<string, string>();
  const help = (verb: string): string => {
    const known = helps.get(verb);
    if (known !== undefined) return known;
    const said = execFileSync(process.execPath, [SOURCE, verb, '--help'], { encoding: 'utf8' });
    helps.set(verb, said);
    return said;
  };
  for (const { file, words } of called) {
    const [verb = '', ...rest] = words;
    if (verb.startsWith('-')) continue;
    expect(help(verb), `${file}: trackside ${words.join(' ')}`).toContain(`Usage: trackside ${verb}`);
    for (const option of rest.filter((word) => word.startsWith('--')))
      expect(help(verb), `${file}: trackside ${words.join(' ')}`).toContain(option.replace(/=.*/, ''));
  }
}, 120_000);

test('TypeScript of the documents is well typed, and runs against a server', async () => {
  const sources = documents.flatMap((file) =>
    codeBlocks(file)
      .filter(({ language }) => language === 'ts')
      .map(({ text, line }) => ({ name: `${nameOf(file).replaceAll(/\W/g, '-')}-${line}.ts`, text })),
  );
  expect(sources.length).toBeGreaterThan(2);
  for (const { name, text } of sources) writeFileSync(join(folder, name), text);
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const flags = '--noEmit --strict --ignoreConfig --module nodenext --target esnext --types node --typeRoots'.split(
    ' ',
  );
  const types = join(root, 'node_modules', '@types');
  const checked = await runProgram(process.execPath, [tsc, ...flags, types, ...sources.map(({ name }) => name)], {
    cwd: folder,
    env,
  });
  expect(checked.stdout).toBe('');
  for (const { name } of sources) {
    const { code, stderr } = await runProgram(process.execPath, [name], { cwd: folder, env });
    expect(code, `${name}\n${stderr}`).toBe(0);
  }
  const project = await server.graphql<{ viewer: { entity: string } }>('{ viewer { entity } }');
  const { runs } = await server.rest<{ runs: { state: string }[] }>(`/projects/${project.viewer.entity}/digits/runs`);
  expect(runs.map(({ state }) => state)).toEqual(sources.map(() => 'finished'));
}, 180_000);

test('commands that point scripts at a server, and upload what was recorded offline', async () => {
  const type = (line: string) => runProgram('bash', ['-euc', line], { cwd: folder, env });
  const [pointed] = codeBlocks(join(root, 'docs', 'rest.md'));
  const projects = await type(pointed?.text ?? '');
  expect(JSON.parse(projects.stdout)).toMatchObject({ projects: expect.any(Array) });

  writeFileSync(
    join(folder, 'train.js'),
    "import { init } from 'trackside'; const run = init({ project: 'later' }); run.log({ loss: 1 }); await run.finish();",
  );
  const offline = codeBlocks(join(root, 'docs', 'tracking.md')).find(({ text }) => text.includes('WANDB_MODE=offline'));
  const synced = await type(offline?.text ?? '');
  expect(`${synced.stdout}${synced.stderr}`).toMatch(/✓ wandb\/offline-run-\S+ 1 rows/);
}, 120_000);

describe.skipIf(isPythonSkipped())('Python of the documents', () => {
  test('runs, block after block', async () => {
    const blocks = [...codeBlocks(join(root, 'docs', 'python.md'))].filter(({ language }) => language === 'python');
    expect(blocks.length).toBeGreaterThan(2);
    for (const { text, line } of blocks) {
      const { code, stderr } = await runProgram(pythonOf('0.31.0'), ['-c', text], { cwd: folder, env });
      expect(code, `docs/python.md:${line}\n${stderr}`).toBe(0);
    }
  }, 240_000);
});
