import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

/** The JSON document that a server says when it answers. */
async function firstDocument(server: ChildProcess): Promise<string> {
  let out = '';
  while (!out.endsWith('}\n')) out += String((await once(server.stdout!, 'data'))[0]);
  return out;
}

beforeAll(() => {
  mkdirSync(installed, { recursive: true });
  const pack = ['pack', '--ignore-scripts', '--pack-destination', folder];
  execFileSync('npm', pack, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  run('tar', '-xzf', tarball, '--strip-components=1', '-C', installed);
  // Its one dependency as it is here: what is tested is our package, not the registry.
  symlinkSync(join(root, 'node_modules', 'yaml'), join(folder, 'node_modules', 'yaml'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
});
afterAll(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

test('the packed command works in another project, in a folder with a space in its path', () => {
  expect(run('node', join(installed, 'bin', 'trackside.js'), '--version')).toMatch(/^\d+\.\d+\.\d+/);
  expect(run('node', join(installed, 'bin', 'trackside.js'), '--help')).toContain('serve');
});

test('the packed server takes the runs of the packed tracker, and the packed commands know it', async () => {
  const command = join(installed, 'bin', 'trackside.js');
  const server = spawn('node', [command, 'serve', '--port', '0', '--json'], { cwd: folder, env, stdio: 'pipe' });
  try {
    const { url } = JSON.parse(await firstDocument(server)) as { url: string };
    expect((await fetch(url)).headers.get('content-type')).toContain('text/html');
    expect(run('node', command, 'login')).toContain(url);
    expect(readFileSync(join(folder, 'home', 'config.yaml'), 'utf8')).toContain(url);
    const program = "import { init } from 'trackside'; const run = init({ project: 'p' }); run.log({ loss: 1 });";
    writeFileSync(join(folder, 'online.mjs'), program);
    execFileSync('node', ['online.mjs'], { cwd: folder, env: { ...env, WANDB_MODE: 'online' } });
    expect(run('node', command, 'sync', 'wandb')).toContain('is synced already');
    expect(JSON.parse(run('node', command, 'doctor', '--json'))).toMatchObject({ ok: true });
  } finally {
    server.kill();
    await once(server, 'close');
  }
});

test('the packed demo trains its three programs and ends', () => {
  const told = run('node', join(installed, 'bin', 'trackside.js'), 'demo', '--exit', '--port', '0');
  for (const name of ['matmul-2x2x4', 'cartpole-fast', 'cartpole-slow'])
    expect(told).toMatch(new RegExp(`✓ ${name} +finished step \\d`));
  expect(told).toContain('all three have finished');
}, 180_000);

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
