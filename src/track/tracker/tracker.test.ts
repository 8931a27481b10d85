import { existsSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { syncLog } from '../uplink/sync.ts';
import { TestSink } from '../uplink/test-sink.ts';
import { Programs } from './tracked-program.ts';
import { VERSION } from './version.ts';

let sink: TestSink;
let programs: Programs;
beforeEach(async () => {
  sink = await new TestSink().start();
  programs = new Programs(sink.url);
});
afterEach(async () => {
  await programs[Symbol.asyncDispose]();
  await sink.stop();
});

function until(condition: () => boolean): Promise<true> {
  return vi.waitUntil(condition, { timeout: 30_000, interval: 5 });
}

function syncOptions() {
  return {
    server: { url: sink.url, apiKey: 'k'.repeat(40) },
    force: false,
    patienceMs: 30_000,
    on: { started: () => undefined, notice: () => undefined, progress: () => undefined },
  };
}

function sync(logPath: string) {
  return syncLog(logPath, syncOptions());
}

function only<T>(values: Iterable<T>): T {
  const [first, ...rest] = values;
  if (first === undefined || rest.length > 0)
    throw new Error(`${rest.length + (first === undefined ? 0 : 1)} instead of one`);
  return first;
}

test('a run from init to finish arrives whole: rows, config, summary, output, files, exit', async () => {
  const { code, err } = await programs.run(`
    import { writeFileSync } from 'node:fs';
    const run = init({ project: 'p', entity: 'ann', name: 'first', config: { lr: 0.1, nested: { list: [1, NaN, 2n ** 64n] } },
      tags: ['baseline'], group: 'g', jobType: 'train', notes: 'n' });
    run.defineMetric('acc', { summary: ['min', 'max'] });
    for (let i = 0; i < 100; i++) run.log({ loss: 1 / (i + 1), acc: i % 10, sub: { x: -0, deep: { y: i } }, 'd.dot': i });
    run.log({ text: 'wörd "q" \\u2028', flag: true, none: null, nan: NaN, inf: -Infinity, big: 2n ** 60n, list: [1, [NaN]], nothing: undefined, f() {} });
    run.log({ loss: 7 }, { step: 500 });
    run.log({ loss: 8 }, { step: 499 });
    run.log({ loss: 9 }, { step: 1.5 });
    run.config.update({ late: true });
    run.summary.set('best', { epoch: 3 });
    process.stdout.write('out\\r');
    console.log('\\u001b[32mgreen\\u001b[0m');
    console.error('trouble');
    writeFileSync('model.txt', 'weights');
    run.save('model.txt');
    if (run.config.get('lr') !== 0.1 || run.summary.get('loss') !== 7 || run.step !== 501) process.exit(9);
    const reports = await Promise.all([run.finish(), run.finish(3)]);
    run.log({ late: 1 });
    if (!reports.every((report) => report.synced) || (await run.finish()) !== reports[0]) process.exit(8);
  `);
  expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('first') as unknown });
  const [id, run] = only(sink.runs);
  expect(run.history).toHaveLength(102);
  expect(run.lines('wandb-history.jsonl')[99]).toMatch(
    /^\{"loss":0\.01,"acc":9,"sub":\{"x":-0,"deep":\{"y":99\}\},"d\.dot":99,"_step":99,/,
  );
  expect(run.lines('wandb-history.jsonl')[100]).toContain(
    '"nan":NaN,"inf":-Infinity,"big":1152921504606846976,"list":[1,[NaN]],',
  );
  expect(run.history[100]).toMatchObject({ text: 'wörd "q" \u2028', flag: true, none: null, _step: 100 });
  expect(run.history[100]).not.toHaveProperty('nothing');
  expect(run.history[101]).toMatchObject({ loss: 7, _step: 500 });
  expect(run.summary).toMatchObject({
    loss: 7,
    acc: { min: 0, max: 9 },
    sub: { deep: { y: 99 } },
    best: { epoch: 3 },
    _step: 500,
  });
  expect(run.config).toContain('"nested":{"value":{"list":[1,NaN,18446744073709551616]}}');
  expect(run.config).toContain('"late":{"value":true}');
  expect(run.fields).toMatchObject({
    displayName: 'first',
    groupName: 'g',
    jobType: 'train',
    notes: 'n',
    tags: ['baseline'],
  });
  expect(run.console.slice(0, 2)).toEqual(['\u001b[32mgreen\u001b[0m', 'trouble']);
  expect(run.lines('output.log')[1]).toContain('"level":"error"');
  expect(run.files.get('model.txt')?.toString()).toBe('weights');
  expect(JSON.parse(run.files.get('wandb-metadata.json')?.toString() ?? '')).toMatchObject({
    root: expect.any(String) as unknown,
  });
  expect(run.exitCode).toBe(0);
  const log = only(programs.logs());
  expect(basename(dirname(log))).toMatch(new RegExp(`^run-\\d{8}_\\d{6}-${id}$`));
  expect(readlinkSync(join(programs.folder, 'wandb', 'latest-run'))).toBe(basename(dirname(log)));
  expect(existsSync(`${log}.synced`)).toBe(true);
  expect(existsSync(join(programs.folder, 'wandb', 'wandb-resume.json'))).toBe(false);
});

describe('however a program ends', () => {
  test.each([
    ['runs out', '', 0],
    ['exits', 'process.exit(4);', 4],
    ['throws', "throw new Error('oops');", 1],
    ['sets an exit code', 'process.exitCode = 5;', 5],
    ['rejects', "await Promise.reject(new Error('oops'));", 1],
  ])('it %s: the run ends with its exit code and is complete', async (_, ending, expected) => {
    const { code } = await programs.run(`const run = init({ project: 'p' }); run.log({ x: 1 });\n${ending}`);
    expect(code).toBe(expected);
    const run = only(sink.runs.values());
    expect(run.history).toHaveLength(1);
    expect(run.exitCode).toBe(expected);
  });

  test('by a signal it asked to hear of: the run ends, and the signal acts', async () => {
    const program = programs.start(`
      const run = init({ project: 'p', settings: { catchSignals: true } });
      run.log({ x: 1 });
      console.log('ready');
      setInterval(() => {}, 1000);
    `);
    await until(() => program.out.includes('ready'));
    program.child.kill('SIGTERM');
    expect(await program.ended).toMatchObject({ code: null, signal: 'SIGTERM' });
    expect(only(sink.runs.values())).toMatchObject({ exitCode: 143 });
  });

  test('killed at any moment, what log() was given is in its log, whole, and syncs', { timeout: 120_000 }, async () => {
    await sink.stop();
    for (let round = 0; round < 8; round++) {
      // Tells how far it has come by another way than the tracker, after each call.
      const program = programs.start(`
        import { openSync, writeSync } from 'node:fs';
        const run = init({ project: 'p', id: 'k${round}', settings: { silent: true } });
        const told = openSync('told-${round}', 'w');
        for (let i = 0; ; i++) { run.log({ i, noise: Math.random(), text: 'x'.repeat(i % 5000) }); writeSync(told, i + '\\n', 0); }
      `);
      const told = join(programs.folder, `told-${round}`);
      const goal = 1 + Math.floor(Math.random() * 3000);
      await until(() => existsSync(told) && Number(readFileSync(told, 'utf8').split('\n')[0]) >= goal);
      program.child.kill('SIGKILL');
      await program.ended;
    }
    await sink.start();
    for (const log of programs.logs())
      expect(await sync(log)).toMatchObject({ kind: 'synced', damage: null, open: false });
    for (let round = 0; round < 8; round++) {
      const run = sink.run(`k${round}`);
      const told = Number(readFileSync(join(programs.folder, `told-${round}`), 'utf8').split('\n')[0]);
      expect(run.history.length).toBeGreaterThan(told);
      expect(run.history.map((row) => row['i'])).toEqual(run.history.map((_, index) => index));
      expect(run.exitCode).toBe(1);
      expect(run.summary['i']).toBe(run.history.length - 1);
    }
  });
});

describe('training is not held up', () => {
  test('a loop that never yields is uploaded while it runs', async () => {
    const program = programs.start(`
      import { existsSync } from 'node:fs';
      const run = init({ project: 'p', id: 'busy', settings: { readMachineEveryMs: 50 } });
      const spin = () => { const until = performance.now() + 1; while (performance.now() < until); };
      while (!existsSync('enough')) { run.log({ x: run.step }); spin(); }
      await run.finish();
    `);
    await until(() => (sink.runs.get('busy')?.history.length ?? 0) > 100);
    await until(() => sink.run('busy').lines('wandb-events.jsonl').length > 1);
    expect(sink.run('busy').exitCode).toBeNull();
    writeFileSync(join(programs.folder, 'enough'), '');
    expect(await program.ended).toMatchObject({ code: 0 });
    const { history, exitCode } = sink.run('busy');
    expect(history.map((row) => row['x'])).toEqual(history.map((_, index) => index));
    expect(exitCode).toBe(0);
    expect(Object.keys(JSON.parse(sink.run('busy').lines('wandb-events.jsonl')[1] ?? '{}') as object)).toEqual(
      expect.arrayContaining(['system.cpu', 'system.proc.memory.rssMB', '_timestamp', '_runtime']),
    );
  });

  test('without a server the run goes on, says so once, and syncs later', async () => {
    await sink.stop();
    const { code, err } = await programs.run(`
      const run = init({ project: 'p', id: 'alone', settings: { finishTimeoutMs: 100 } });
      for (let i = 0; i < 1000; i++) run.log({ i });
      const report = await run.finish();
      if (report.synced || !report.reason) process.exit(9);
    `);
    expect(code).toBe(0);
    expect(err.match(/Cannot upload for now/g)).toHaveLength(1);
    expect(err).toContain('trackside sync wandb/run-');
    await sink.start();
    expect(await sync(only(programs.logs()))).toMatchObject({ kind: 'synced', rows: 1000 });
    expect(await sync(only(programs.logs()))).toEqual({ kind: 'skipped' });
    expect(sink.run('alone').exitCode).toBe(0);
  });

  test('a server that dies in the middle and returns gets everything', async () => {
    const program = programs.start(`
      import { existsSync } from 'node:fs';
      const run = init({ project: 'p', id: 'cut' });
      const rest = () => new Promise((resolve) => setTimeout(resolve, 1));
      while (!existsSync('enough')) { run.log({ x: run.step }); await rest(); }
      await run.finish();
    `);
    await until(() => (sink.runs.get('cut')?.history.length ?? 0) > 0);
    await sink.stop();
    await until(() => program.err.includes('Cannot upload'));
    await sink.start();
    await until(() => program.err.includes('answers again'));
    writeFileSync(join(programs.folder, 'enough'), '');
    expect(await program.ended).toMatchObject({ code: 0 });
    const { history, exitCode, contradictions } = sink.run('cut');
    expect(history.map((row) => row['x'])).toEqual(history.map((_, index) => index));
    expect([exitCode, contradictions]).toEqual([0, 0]);
  });

  test('nothing that is logged can make it throw', async () => {
    const { code, err } = await programs.run(`
      const run = init({ project: 'p', mode: 'offline' });
      const self = {}; self.self = self;
      const odd = [self, { get x() { throw new Error('boom'); } }, { toJSON() { throw new Error('boom'); } }, Symbol('s'), null, undefined, 7, 'text', [1]];
      for (const value of odd) { run.log({ value }); run.log(value); run.log({ fine: 1, nested: { value } }); run.config.set('k', value); run.summary.update({ k: value }); }
      run.save('/no/such/file'); run.save('..', { base: '/tmp' }); run.defineMetric('*'); run.log({ ok: 1 });
      await run.finish();
    `);
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('boom') as unknown });
    expect(await sync(only(programs.logs()))).toMatchObject({ kind: 'synced', damage: null });
    expect(only(sink.runs.values()).history.at(-1)).toMatchObject({ ok: 1 });
  });

  test('a folder that cannot be written costs the record, not the program', async () => {
    writeFileSync(join(programs.folder, 'file'), '');
    const { code, err } = await programs.run(`
      const run = init({ project: 'p', dir: 'file' });
      run.log({ x: 1 });
      console.log(run.folder, (await run.finish()).synced);
    `);
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('nothing is recorded') as unknown });
  });

  test('a refused key ends the upload with a notice', async () => {
    sink.refuseWith = 401;
    const { code, err } = await programs.run(
      `const run = init({ project: 'p' }); run.log({ x: 1 }); await run.finish();`,
    );
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('401') as unknown });
    sink.refuseWith = null;
    expect(await sync(only(programs.logs()))).toMatchObject({ kind: 'synced', rows: 1 });
  });
});

describe('who logs', () => {
  test('a child process that inherits the run records nothing and says why; a run of its own it may have', async () => {
    const env = { WANDB_RUN_ID: 'shared', WANDB_PROJECT: 'p' };
    writeFileSync(
      join(programs.folder, 'child.mts'),
      `import { init } from ${JSON.stringify(new URL('./index.ts', import.meta.url).pathname)};
       const run = init(); run.log({ child: 1 }); await run.finish(1);
       const own = init({ id: 'own' }); own.log({ own: 1 }); await own.finish();`,
    );
    const { code, err } = await programs.run(
      `import { execFileSync } from 'node:child_process';
       const run = init(); run.log({ parent: 1 });
       execFileSync(process.execPath, ['child.mts'], { stdio: 'inherit' });
       await run.finish();
       const again = init(); again.log({ parent: 2 }); await again.finish();`,
      env,
    );
    expect({ code, err }).toMatchObject({
      code: 0,
      err: expect.stringContaining('being logged by process') as unknown,
    });
    expect(sink.run('shared').history).toMatchObject([{ parent: 1 }, { parent: 2 }]);
    expect(sink.run('shared').exitCode).toBe(0);
    expect(sink.run('own').history).toMatchObject([{ own: 1 }]);
  });

  test('of a distributed job only the first process', async () => {
    const text = `const run = init({ project: 'p' }); run.log({ x: 1 }); await run.finish(); console.log(run.folder === null);`;
    expect((await programs.run(text, { RANK: '3' })).out).toBe('true\n');
    expect(sink.runs.size).toBe(0);
    expect((await programs.run(text, { RANK: '0' })).out).toBe('false\n');
    expect(sink.runs.size).toBe(1);
  });

  test('nobody, when tracking is disabled', async () => {
    const text = `const run = init({ project: 'p' }); run.log({ x: 1 }); run.save('a'); await run.finish(); run.config.set('a', 1);`;
    expect(await programs.run(text, { WANDB_MODE: 'disabled' })).toMatchObject({ code: 0, err: '' });
    expect([sink.runs.size, existsSync(join(programs.folder, 'wandb'))]).toEqual([0, false]);
  });
});

describe('going on with a run', () => {
  const part = (values: string): string => `
    const run = init({ project: 'p', id: 'long', resume: 'allow', config: { ${values}: 1 } });
    console.log(run.step, JSON.stringify(run.config.get('first') ?? null), run.summary.get('x') ?? null);
    run.log({ x: '${values}' });
    run.log({ x: '${values}' });
    await run.finish();
  `;

  test('counts steps on and keeps config and summary', async () => {
    expect((await programs.run(part('first'))).out).toBe('0 1 null\n');
    expect((await programs.run(part('second'))).out).toBe('2 1 first\n');
    const run = sink.run('long');
    expect(run.history.map((row) => [row['_step'], row['x']])).toEqual([
      [0, 'first'],
      [1, 'first'],
      [2, 'second'],
      [3, 'second'],
    ]);
    expect(run.history[3]?.['_runtime']).toBeGreaterThan(Number(run.history[1]?.['_runtime']));
    expect(JSON.parse(run.config)).toMatchObject({ first: { value: 1 }, second: { value: 1 } });
    expect(programs.logs()).toHaveLength(2);
  });

  test('a part that was killed before its rows had arrived comes first, and nothing of either is lost', async () => {
    const first = programs.start(`
      const run = init({ project: 'p', id: 'long' });
      const log = (x) => run.log({ x }, { step: x });
      log(0);
      process.stdin.once('data', () => { for (let x = 1; x < 2000; x++) log(x); console.log('logged'); });
    `);
    await until(() => (sink.runs.get('long')?.history.length ?? 0) === 1);
    await sink.stop();
    first.child.stdin?.write('on');
    await until(() => first.out.includes('logged'));
    first.child.kill('SIGKILL');
    await first.ended;
    await sink.start();
    expect((await programs.run(part('second'))).out).toBe('2000 null 1999\n');
    for (const log of programs.logs()) await syncLog(log, { ...syncOptions(), force: true });
    const run = sink.run('long');
    expect(run.history.map((row) => row['_step'])).toEqual(Array.from({ length: 2002 }, (_, step) => step));
    expect(run.history.at(-1)).toMatchObject({ x: 'second' });
    expect([run.contradictions, run.exitCode]).toEqual([0, 0]);
  });

  test("'must' and 'never' throw before anything is trained", async () => {
    const must = await programs.run(`init({ project: 'p', id: 'none', resume: 'must' });`);
    expect(must).toMatchObject({ code: 1, err: expect.stringContaining('does not exist') as unknown });
    expect(sink.runs.size).toBe(0);
    await programs.run(part('first'));
    const never = await programs.run(`init({ project: 'p', id: 'long', resume: 'never' });`);
    expect(never).toMatchObject({ code: 1, err: expect.stringContaining('exists already') as unknown });
    expect(sink.run('long').history).toHaveLength(2);
  });

  test("'auto' takes up the run that did not end well", async () => {
    const text = (end: string): string =>
      `const run = init({ project: 'p', resume: 'auto' }); run.log({ x: 1 }); ${end}`;
    await programs.run(text('await run.finish(1);'));
    await programs.run(text('await run.finish(0);'));
    expect(sink.runs.size).toBe(1);
    await programs.run(text('await run.finish(0);'));
    expect(sink.runs.size).toBe(2);
  });
});

test('somebody asks the run to stop: its signal is aborted, also in a loop that never yields', async () => {
  sink.stopAsked = true;
  const { code } = await programs.run(`
    const run = init({ project: 'p', id: 'stopped' });
    const spin = () => { const until = performance.now() + 1; while (performance.now() < until); };
    while (!run.signal.aborted) { run.log({ x: 1 }); spin(); }
    await run.finish(3);
  `);
  expect(code).toBe(0);
  expect(sink.run('stopped').exitCode).toBe(3);
});

test("an offline run keeps W&B's layout and says how to upload it", async () => {
  const { err } = await programs.run(
    `const run = init({ project: 'p', mode: 'offline' }); run.log({ x: 1 }); await run.finish();`,
  );
  const log = only(programs.logs());
  expect(basename(dirname(log))).toMatch(/^offline-run-\d{8}_\d{6}-[a-z0-9]{8}$/);
  expect(err).toContain(`trackside sync wandb/${basename(dirname(log))}`);
  expect(statSync(join(dirname(log), 'files')).isDirectory()).toBe(true);
  expect(sink.runs.size).toBe(0);
});

test('the version it states is that of the package', () => {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  expect(VERSION).toBe((JSON.parse(text) as { version: string }).version);
});

test('options that mean nothing are refused by name', async () => {
  for (const [options, expected] of [
    ["{ id: 'a/b' }", 'run id'],
    ["{ mode: 'sometimes' }", 'mode is "sometimes"'],
  ] as const) {
    expect((await programs.run(`init(${options});`)).err).toContain(expected);
  }
  expect((await programs.run('init();', { WANDB_RESUME: 'perhaps' })).err).toContain('WANDB_RESUME is "perhaps"');
});
