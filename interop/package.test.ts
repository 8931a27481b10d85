import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
/** A folder with a space in it: many a script breaks there. */
const folder = join(mkdtempSync(join(tmpdir(), 'trackside-package-')), 'my project');
const installed = join(folder, 'node_modules', 'trackside');

/** Without what the test runner adds, as a person's shell has it. */
const env = {
  PATH: process.env['PATH'],
  HOME: folder,
  TRACKSIDE_HOME: join(folder, 'home'),
  NO_COLOR: '1',
  WANDB_MODE: 'offline',
};

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: folder, env, encoding: 'utf8' });
}

beforeAll(() => {
  mkdirSync(installed, { recursive: true });
  const pack = ['pack', '--ignore-scripts', '--pack-destination', folder];
  execFileSync('npm', pack, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  run('tar', '-xzf', tarball, '--strip-components=1', '-C', installed);
  // The dependencies as they are here: what is tested is our package, not the registry.
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
});
afterAll(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

test('the packed command works in another project, in a folder with a space in its path', () => {
  expect(run('node', join(installed, 'bin', 'trackside.js'), '--version')).toMatch(/^\d+\.\d+\.\d+/);
  expect(run('node', join(installed, 'bin', 'trackside.js'), '--help')).toContain('serve');
});

test('the packed tracker is imported by its name, and logs', () => {
  const program =
    "import { init } from 'trackside'; const run = init({ project: 'p' }); run.log({ loss: 1 }); await run.finish();";
  writeFileSync(join(folder, 'train.mjs'), program);
  run('node', 'train.mjs');
  expect(readdirSync(join(folder, 'wandb')).some((name) => name.startsWith('offline-run-'))).toBe(true);
});

test('its types are there for TypeScript', () => {
  const program =
    "import { init, type Run } from 'trackside';\nconst run: Run = init({ project: 'p' });\nrun.log({ loss: 1 });\n";
  writeFileSync(join(folder, 'typed.ts'), program);
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const flags = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'esnext',
    '--types',
    'node',
    '--typeRoots',
    join(root, 'node_modules', '@types'),
  ];
  expect(run('node', tsc, '--ignoreConfig', ...flags, 'typed.ts')).toBe('');
});
