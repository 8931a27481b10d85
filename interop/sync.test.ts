import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Programs } from '../src/track/tracker/tracked-program.ts';
import { Client } from './client-process.ts';
import { CLIENT_VERSIONS, isPythonSkipped, runProgram } from './python.ts';
import { ServerProcess, SOURCE } from './server-process.ts';
import { until } from './until.ts';

interface ReadRun {
  readonly state: string;
  readonly exitCode: number | null;
  readonly summary: Record<string, unknown>;
  readonly config: Record<string, unknown>;
  readonly tags: readonly string[];
}

let server: ServerProcess;
let entity: string;
beforeAll(async () => {
  server = await ServerProcess.start();
  const { viewer } = await server.graphql<{ viewer: { entity: string } }>('{ viewer { entity } }');
  entity = viewer.entity;
});
afterAll(() => server[Symbol.asyncDispose]());

function readRun(project: string, id: string): Promise<ReadRun> {
  return server.rest<ReadRun>(`/projects/${entity}/${project}/runs/${id}`);
}

async function readRows(project: string, id: string): Promise<Record<string, unknown>[]> {
  const path = `/projects/${entity}/${project}/runs/${id}/rows?limit=10000`;
  const { rows } = await server.rest<{ rows: Record<string, unknown>[] }>(path);
  return rows;
}

async function readConsole(project: string, id: string): Promise<string[]> {
  const path = `/projects/${entity}/${project}/runs/${id}/console`;
  const { lines } = await server.rest<{ lines: { text: string }[] }>(path);
  return lines.map((line) => line.text);
}

/** `trackside sync --json` with these arguments. */
async function tracksideSync(
  cwd: string,
  ...args: string[]
): Promise<{ code: number; logs: Record<string, unknown>[] }> {
  const env = {
    ...process.env,
    HOME: cwd,
    TRACKSIDE_HOME: join(cwd, 'home'),
    WANDB_BASE_URL: server.url,
    WANDB_API_KEY: server.apiKey,
  };
  const { code, stdout, stderr } = await runProgram(process.execPath, [SOURCE, 'sync', '--json', ...args], {
    cwd,
    env,
  });
  if (stdout === '') throw new Error(stderr);
  return { code, logs: (JSON.parse(stdout) as { logs: Record<string, unknown>[] }).logs };
}

function program(id: string, ending: string, options = ''): string {
  return `
    const run = init({ project: 'sync', id: '${id}', tags: ['t'], config: { lr: 0.5, nested: { a: [1, null] } }, ${options} });
    run.defineMetric('acc', { summary: 'max' });
    console.log('said ${id}');
    for (let i = 0; i < 1000; i++) run.log({ loss: 1 / (i + 1), acc: i % 7, sub: { x: i }, word: 'w' + i, long: 'y'.repeat(i === 500 ? 70000 : 1) });
    run.summary.set('best', { epoch: 3 });
    ${ending}
  `;
}

async function expectWhole(id: string, exitCode: number): Promise<void> {
  const run = await readRun('sync', id);
  expect(run).toMatchObject({
    state: exitCode === 0 ? 'finished' : 'failed',
    exitCode,
    tags: ['t'],
    config: { lr: 0.5, nested: { a: [1, null] } },
    summary: { loss: 0.001, acc: { max: 6 }, sub: { x: 999 }, word: 'w999', best: { epoch: 3 }, _step: 999 },
  });
  const rows = await readRows('sync', id);
  expect(rows.map((row) => [row['_step'], row['loss'], row['word']])).toEqual(
    Array.from({ length: 1000 }, (_, i) => [i, 1 / (i + 1), `w${i}`]),
  );
  expect(rows[500]?.['long']).toHaveLength(70_000);
  expect(await readConsole('sync', id)).toEqual([`said ${id}`]);
}

test('a tracked program reaches the server while it runs, also when that is killed and comes back', async () => {
  await using programs = new Programs(server.url, server.apiKey);
  const started = programs.start(`
    import { existsSync } from 'node:fs';
    const run = init({ project: 'sync', id: 'live' });
    const rest = () => new Promise((resolve) => setTimeout(resolve, 1));
    while (!existsSync(process.cwd() + '/enough')) { run.log({ x: run.step }); await rest(); }
    await run.finish();
  `);
  await until('some rows', async () => (await readRows('sync', 'live')).length > 10);
  expect(await readRun('sync', 'live')).toMatchObject({ state: 'running', exitCode: null });
  await server.kill();
  await until('the notice', async () => started.err.includes('Cannot upload'));
  await server.restart();
  await until('the return', async () => started.err.includes('answers again'));
  await runProgram('touch', ['enough'], { cwd: programs.folder, env: process.env });
  expect(await started.ended).toMatchObject({ code: 0 });
  const rows = await readRows('sync', 'live');
  expect(rows.map((row) => row['x'])).toEqual(rows.map((_, index) => index));
  expect(await readRun('sync', 'live')).toMatchObject({ state: 'finished', exitCode: 0 });
});

test('`trackside sync` brings offline runs and those of killed programs, each row once, however often it is asked', async () => {
  await using programs = new Programs(null);
  const offline = { WANDB_MODE: 'offline' };
  await programs.run(program('offline', 'await run.finish();'), offline);
  await programs.run(program('killed', "process.kill(process.pid, 'SIGKILL');"), offline);
  const first = await tracksideSync(programs.folder);
  expect(first).toMatchObject({
    code: 0,
    logs: [
      { outcome: 'synced', rows: 1000 },
      { outcome: 'synced', rows: 1000 },
    ],
  });
  for (let time = 0; time < 2; time++) {
    await expectWhole('offline', 0);
    await expectWhole('killed', 1);
    await tracksideSync(programs.folder, '--force');
  }
  const later = await tracksideSync(programs.folder, 'wandb');
  expect(later).toMatchObject({ code: 0, logs: [{ outcome: 'skipped' }, { outcome: 'skipped' }] });

  await programs.run(program('offline', 'await run.finish(2);', "resume: 'allow'"), offline);
  expect(await tracksideSync(programs.folder)).toMatchObject({ code: 0 });
  expect(await readRows('sync', 'offline')).toHaveLength(2000);
  expect(await readRun('sync', 'offline')).toMatchObject({ state: 'failed', exitCode: 2 });
});

describe.skipIf(isPythonSkipped())('beside the official client', () => {
  test.each(CLIENT_VERSIONS)('wandb %s: its `wandb sync` takes our logs', async (version) => {
    await using programs = new Programs(null);
    using client = new Client(version, server);
    const id = `ours-${version.replaceAll('.', '-')}`;
    await programs.run(program(id, 'await run.finish(3);'), { WANDB_MODE: 'offline' });
    const [log = ''] = programs.logs();
    expect(await client.wandb(['sync', join(log, '..')])).toMatchObject({ code: 0 });
    await expectWhole(id, 3);
    // Where the rows of this log lie only that client knows: ours does not send them a second time.
    expect(await tracksideSync(programs.folder, '--force', log)).toMatchObject({
      code: 1,
      logs: [{ outcome: 'refused' }],
    });
    await expectWhole(id, 3);
  });

  test.each(CLIENT_VERSIONS)(
    'wandb %s: `trackside sync` takes its logs, and so does its own afterwards',
    async (version) => {
      using client = new Client(version, server);
      await client.run('offline.py', ['log']);
      const folder = join(client.home, 'wandb');
      const synced = await tracksideSync(client.home, folder);
      expect(synced).toMatchObject({ code: 0, logs: Array.from({ length: 4 }, () => ({ outcome: 'synced' })) });
      const told = (await client.run('offline.py', ['read'])) as Record<string, unknown>;
      expect(told['rows']).toEqual(told['sent']);
      expect(told).toMatchObject({
        parts: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        summary: { loss: Math.exp(-299 / 50), sub: { x: 299 }, word: 's299', _step: 299 },
        config: { lr: 0.5 },
        tags: ['late'],
        name: 'late',
        state: 'finished',
        failed: 'failed',
      });
      expect(await readConsole(client.project, 'offline')).toContain('said offline');
      const again = await tracksideSync(client.home, '--force', folder);
      expect(again).toMatchObject({ code: 0, logs: Array.from({ length: 4 }, () => ({ outcome: 'synced' })) });
      expect(await client.run('offline.py', ['read'])).toMatchObject({ rows: told['sent'], parts: told['parts'] });
      const folders = readdirSync(folder).filter((name) => name.startsWith('offline-run-'));
      const official = await client.wandb(['sync', '--include-synced', ...folders.map((name) => join(folder, name))]);
      expect(official).toMatchObject({ code: 0 });
    },
  );
});
