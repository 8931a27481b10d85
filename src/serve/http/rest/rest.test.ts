import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ScratchServer } from '../scratch-server.double.ts';

let server: ScratchServer;
let key: string;

beforeAll(async () => {
  server = await ScratchServer.start('users');
  key = await server.addUser('ann');
  await server.startRun(key, 'mnist', 'r1', {
    lr: { value: 0.1 },
    model: { value: { depth: 3 } },
    _wandb: {
      value: {
        python_version: '3.12',
        e: { a: { startedAt: '2026-01-01', host: 'old' }, b: { startedAt: '2026-02-01', host: 'gpu7' } },
        m: [{ 1: 'epoch' }, { 2: 'val/*', 5: 1, 6: [1, 2], 8: 1 }],
      },
    },
  });
  await server.log(key, 'ann/mnist/r1', [
    '{"_step":0,"loss":1,"note":"first"}',
    '{"_step":1,"loss":NaN,"big":12345678901234567890}',
    '{"_step":2,"loss":-Infinity,"text":"NaN, said she"}',
  ]);
  await server.startRun(key, 'mnist', 'r2', { lr: { value: 0.2 } });
  await server.log(key, 'ann/mnist/r2', ['{"_step":0,"loss":0.25}'], 0, {
    files: {
      'wandb-history.jsonl': { offset: 0, content: ['{"_step":0,"loss":0.25}'] },
      'wandb-summary.json': { offset: 0, content: ['{"loss":0.25,"acc":Infinity}'] },
      'output.log': { offset: 0, content: ['{"ts":"2026-11-22T01:26:50Z","content":"hello \\u001b[31mred"}'] },
    },
    complete: true,
    exitcode: 0,
  });
});
afterAll(() => server[Symbol.asyncDispose]());

const get = (path: string, headers: Record<string, string> = {}) => server.ask(`/api/v1${path}`, { key, headers });

describe('projects', () => {
  test('are listed with their runs counted', async () => {
    const { json } = await get('/projects');
    expect(json.projects).toMatchObject([{ entity: 'ann', name: 'mnist', runs: 2, running: 1, description: null }]);
    expect((await get('/projects/ann/mnist')).json).toEqual(json.projects[0]);
  });

  test('one that is not there is 404, with what was asked for in the message', async () => {
    const answer = await get('/projects/ann/nothing');
    expect([answer.status, answer.json.error.code]).toEqual([404, 'not_found']);
    expect(answer.json.error.message).toMatch(/ann\/nothing/);
  });
});

describe('a runs table', () => {
  test('gives the chosen columns, filtered and in order; what JSON cannot hold as its name', async () => {
    const { json } = await get(
      '/projects/ann/mnist/runs?columns=config.lr,summary.loss,summary.acc,state&order=-config.lr&limit=1',
    );
    expect(json.total).toBe(2);
    expect(json.runs).toMatchObject([{ id: 'r2', state: 'finished', values: [0.2, 0.25, 'Infinity', 'finished'] }]);
    const filtered = await get('/projects/ann/mnist/runs?filter=state%3Arunning');
    expect(filtered.json.runs.map(({ id }: { id: string }) => id)).toEqual(['r1']);
  });

  test.each([
    ['filter=loss%3C', 'filter'],
    ['limit=0', 'limit'],
    ['limit=1e9', 'limit'],
    ['offset=-1', 'offset'],
    ['order=-', 'order'],
    [`columns=${'config.a,'.repeat(501)}`, 'too many columns'],
  ])('is refused where its %2$s makes no sense', async (query) => {
    const answer = await get(`/projects/ann/mnist/runs?${query}`);
    expect(answer.json.error.code).toBe('bad_request');
    expect(answer.status).toBe(400);
  });

  test('says which columns there are', async () => {
    const { json } = await get('/projects/ann/mnist/columns');
    expect(json.columns).toContainEqual({ column: 'config.lr', runs: 2, type: 'number' });
    expect(json.columns).toContainEqual({ column: 'config.model.depth', runs: 1, type: 'number' });
  });
});

describe('a run', () => {
  test('comes without W&B’s wrapping: config, environment, defined metrics', async () => {
    const { json } = await get('/projects/ann/mnist/runs/r1');
    expect(json).toMatchObject({
      entity: 'ann',
      project: 'mnist',
      id: 'r1',
      state: 'running',
      config: { lr: 0.1, model: { depth: 3 } },
      environment: { host: 'gpu7', python_version: '3.12' },
      rows: { history: 3, system: 0, console: 0 },
    });
    expect(json.config).not.toHaveProperty('_wandb');
    expect(json.metrics).toEqual([
      { name: 'epoch', step: null, hidden: false, goal: null },
      { name: 'val/*', step: 'epoch', hidden: true, goal: 'minimize' },
    ]);
  });

  test('is not sent again while it has not changed', async () => {
    const first = await get('/projects/ann/mnist/runs/r2');
    const etag = first.headers.etag ?? '';
    expect((await get('/projects/ann/mnist/runs/r2', { 'if-none-match': etag })).status).toBe(304);
    await server.ask('/api/v1/projects/ann/mnist/runs/r2', { method: 'PATCH', key, body: { notes: `at ${etag}` } });
    expect((await get('/projects/ann/mnist/runs/r2', { 'if-none-match': etag })).status).toBe(200);
  });

  test('is edited: what is left out stays, null clears', async () => {
    const edit = (body: unknown) => server.ask('/api/v1/projects/ann/mnist/runs/r1', { method: 'PATCH', key, body });
    const all = { displayName: 'Fünf <b>', notes: 'n', tags: ['model:eo1'], group: 'g', jobType: 'train' };
    expect((await edit(all)).json).toMatchObject(all);
    expect((await edit({ group: null })).json).toMatchObject({ ...all, group: null });
    expect((await edit({ state: 'finished' })).status).toBe(400);
    expect((await edit({ tags: ['x'.repeat(129)] })).status).toBe(400);
    expect((await edit(undefined)).status).toBe(400);
  });

  test('is asked to stop, and its client hears of it', async () => {
    await server.startRun(key, 'mnist', 'r3');
    const stopped = await server.ask('/api/v1/projects/ann/mnist/runs/r3/stop', { method: 'POST', key });
    expect(stopped.json.stopRequestedBy).toBe('ann');
    expect((await server.log(key, 'ann/mnist/r3', [])).json).toEqual({ stopped: true });
  });

  test('is deleted, and gone then', async () => {
    await server.startRun(key, 'short', 'r1');
    const remove = () => server.ask('/api/v1/projects/ann/short/runs/r1', { method: 'DELETE', key });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
    expect((await get('/projects/ann/short/runs/r1')).status).toBe(404);
    expect((await server.ask('/api/v1/projects/ann/short', { method: 'DELETE', key })).status).toBe(204);
    expect((await get('/projects/ann/short')).status).toBe(404);
  });
});

describe('what a run logged', () => {
  test('rows come back as strict JSON, digit for digit', async () => {
    const { text, json } = await get('/projects/ann/mnist/runs/r1/rows');
    expect(json.nextRow).toBeNull();
    expect(json.rows).toMatchObject([
      { _step: 0, loss: 1, note: 'first' },
      { _step: 1, loss: 'NaN' },
      { _step: 2, loss: '-Infinity', text: 'NaN, said she' },
    ]);
    expect(text).toContain('12345678901234567890');
  });

  test('rows by keys, by steps, by page', async () => {
    const rows = async (query: string) => (await get(`/projects/ann/mnist/runs/r1/rows?${query}`)).json;
    expect((await rows('keys=note')).rows).toEqual([{ note: 'first' }]);
    expect((await rows('keys=_step&minStep=1&maxStep=1')).rows).toEqual([{ _step: 1 }]);
    const page = await rows('keys=_step&limit=2');
    expect(page.rows).toEqual([{ _step: 0 }, { _step: 1 }]);
    expect((await rows(`keys=_step&fromRow=${page.nextRow}`)).rows).toEqual([{ _step: 2 }]);
  });

  test('keys are told with what they hold', async () => {
    const { json } = await get('/projects/ann/mnist/runs/r1/keys');
    const loss = json.keys.find((one: { key: string }) => one.key === 'loss');
    expect(loss).toMatchObject({ counts: { number: 3 }, min: 1, max: 1 });
  });

  test('metrics of several runs together, with how many hold them; text is none, and unknown runs are not missed', async () => {
    const { json } = await get('/projects/ann/mnist/metrics?runs=r1,r2,r3');
    const loss = json.metrics.find((one: { key: string }) => one.key === 'loss');
    expect(loss).toEqual({ key: 'loss', runs: 2, step: null, hidden: false });
    expect(json.metrics.map(({ key }: { key: string }) => key)).not.toContain('note');
    expect((await get('/projects/ann/nothing/metrics?runs=r1')).status).toBe(404);
  });

  test('a metric says over which key it is drawn where its run logs that key, and whether all runs hide it', async () => {
    const config = { _wandb: { value: { m: [{ 1: 'epoch' }, { 2: 'val/*', 5: 1 }, { 2: 'own/*', 6: [2] }] } } };
    await server.startRun(key, 'defined', 'd1', config);
    await server.log(key, 'ann/defined/d1', ['{"_step":0,"epoch":1,"val/acc":0.5,"own/x":1}']);
    await server.startRun(key, 'defined', 'd2', config);
    await server.log(key, 'ann/defined/d2', ['{"_step":0,"val/late":0.5}']);
    const { json } = await get('/projects/ann/defined/metrics?runs=d1,d2');
    const told = Object.fromEntries(json.metrics.map(({ key: name, ...rest }: { key: string }) => [name, rest]));
    expect(told).toMatchObject({
      epoch: { step: null },
      'val/acc': { step: 'epoch', hidden: false },
      'val/late': { step: null },
      'own/x': { hidden: true },
    });
  });

  test('console lines come by range and by search, as the program wrote them', async () => {
    const { json } = await get('/projects/ann/mnist/runs/r2/console?search=HELLO');
    expect(json).toMatchObject({ total: 1, matches: 1 });
    expect(json.lines[0]).toMatchObject({ number: 0, stderr: false, text: 'hello \u001b[31mred' });
  });

  test('series come in columns, as binary or, for who accepts nothing else, as JSON', async () => {
    const body = {
      series: [
        { run: 'r1', key: 'loss' },
        { run: 'r9', key: 'loss' },
      ],
    };
    const ask = (accept: string) =>
      server.ask('/api/v1/projects/ann/mnist/series', { method: 'POST', key, body, headers: { accept } });
    const { json } = await ask('application/json');
    expect(json.series[1]).toBeNull();
    expect(json.series[0]).toMatchObject({ total: 3, length: json.series[0].min.length });
    expect(json.series[0].count.reduce((a: number, b: number) => a + b)).toBe(1);
    const { decodeSeries } = await import('../../api/series-format.ts');
    const binary = await ask('application/vnd.trackside.series, application/json');
    expect(binary.headers['content-type']).toBe('application/vnd.trackside.series');
    const [series, missing] = decodeSeries(new Uint8Array(binary.bytes));
    expect(missing).toBeNull();
    expect(Array.from(series?.nan ?? [])).toEqual(json.series[0].nan);
  });

  test.each([
    ['no series', { series: [] }],
    ['a series without a key', { series: [{ run: 'r1' }] }],
    ['no bucket', { series: [{ run: 'r1', key: 'loss' }], buckets: 0 }],
    ['too many buckets', { series: [{ run: 'r1', key: 'loss' }], buckets: 5_001 }],
    ['too many series', { series: Array.from({ length: 2_001 }, () => ({ run: 'r1', key: 'loss' })) }],
    [
      'too many buckets over all',
      { series: Array.from({ length: 201 }, () => ({ run: 'r1', key: 'loss' })), buckets: 5_000 },
    ],
    ['a metric without a key as axis', { series: [{ run: 'r1', key: 'loss' }], x: { kind: 'metric' } }],
    ['an unknown axis', { series: [{ run: 'r1', key: 'loss' }], x: { kind: 'sideways' } }],
    ['an unknown member', { series: [{ run: 'r1', key: 'loss' }], surprise: true }],
    ['a list', []],
    ['null', null],
  ])('a series request is refused that has %s', async (_what, body) => {
    const answer = await server.ask('/api/v1/projects/ann/mnist/series', { method: 'POST', key, body });
    expect([answer.status, answer.json.error.code]).toEqual([400, 'bad_request']);
  });
});

describe('answers', () => {
  test('that are long are compressed for who takes it, short ones and series are not', async () => {
    const lines = Array.from({ length: 100 }, (_, i) => JSON.stringify({ _step: 3 + i, text: 'long'.repeat(20) }));
    await server.log(key, 'ann/mnist/r1', lines, 3);
    const rows = await get('/projects/ann/mnist/runs/r1/rows', { 'accept-encoding': 'gzip, br' });
    expect(rows.headers['content-encoding']).toBe('gzip');
    const short = await get('/projects', { 'accept-encoding': 'gzip' });
    expect(short.headers['content-encoding']).toBeUndefined();
  });

  test('of one user are not kept by anybody between', async () => {
    expect((await get('/projects')).headers['cache-control']).toBe('no-store');
    expect((await get('/projects/ann/mnist/runs/r1')).headers['cache-control']).toBe('private, no-cache');
  });
});
