import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ScratchServer } from '../scratch-server.double.ts';

describe('the file stream', () => {
  let server: ScratchServer;
  let ann: string;
  let bob: string;
  beforeAll(async () => {
    server = await ScratchServer.start();
    ann = await server.addUser('ann');
    bob = await server.addUser('bob');
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const stream = (run: string, body: unknown, more: { key?: string; headers?: Record<string, string> } = {}) =>
    server.ask(`/files/ann/p/${run}/file_stream`, { method: 'POST', key: ann, body, ...more });
  const rowsOf = async (run: string) => {
    const { json } = await server.ask(`/api/v1/projects/ann/p/runs/${run}/rows`, { key: ann });
    return json.rows as Record<string, unknown>[];
  };
  const stateOf = async (run: string) =>
    (await server.ask(`/api/v1/projects/ann/p/runs/${run}`, { key: ann })).json.state as string;
  const rows = (offset: number, ...steps: number[]) => ({
    files: { 'wandb-history.jsonl': { offset, content: steps.map((step) => `{"_step":${step}}`) } },
  });

  test('keeps rows once however often they are sent, and says nothing but whether to stop', async () => {
    await server.startRun(ann, 'p', 'once');
    for (let sent = 0; sent < 3; sent++) {
      const { status, json } = await stream('once', rows(0, 0, 1, 2));
      expect({ status, json }).toEqual({ status: 200, json: { stopped: false } });
    }
    expect(await rowsOf('once')).toEqual([{ _step: 0 }, { _step: 1 }, { _step: 2 }]);
  });

  test('a body without data is a heartbeat; complete:false, dropped and failed of older senders end nothing', async () => {
    await server.startRun(ann, 'p', 'beat');
    expect((await stream('beat', {})).status).toBe(200);
    expect((await stream('beat', { complete: false, dropped: 0, failed: false })).status).toBe(200);
    expect(await stateOf('beat')).toBe('running');
    await stream('beat', { complete: true, exitcode: 2 });
    expect(await stateOf('beat')).toBe('failed');
  });

  test('each writer of a shared run counts its own lines', async () => {
    await server.startRun(ann, 'p', 'shared');
    for (const writer of ['one', 'two'])
      await stream('shared', rows(0, 0, 1), { headers: { 'x-wandb-async-client-id': writer } });
    expect(await rowsOf('shared')).toHaveLength(4);
  });

  test('a body of some megabytes is kept as a small one is', async () => {
    await server.startRun(ann, 'p', 'large');
    const texts = Array.from({ length: 3 }, (_, i) => String(i).repeat(2 ** 20));
    const content = texts.map((text, i) => JSON.stringify({ _step: i, text }));
    expect((await stream('large', { files: { 'wandb-history.jsonl': { offset: 0, content } } })).status).toBe(200);
    expect(await rowsOf('large')).toEqual(texts.map((text, i) => ({ _step: i, text })));
  });

  test('gzip is undone, with a bound', async () => {
    await server.startRun(ann, 'p', 'zipped');
    const headers = { 'content-encoding': 'gzip' };
    expect((await stream('zipped', gzipSync(JSON.stringify(rows(0, 5))), { headers })).status).toBe(200);
    expect(await rowsOf('zipped')).toEqual([{ _step: 5 }]);
    expect((await stream('zipped', gzipSync(Buffer.alloc(40 * 2 ** 20)), { headers })).status).toBe(413);
    expect((await stream('zipped', 'no gzip', { headers })).status).toBe(400);
  });

  test.each(['', 'x', '[]', 'null', '{"files":{"wandb-history.jsonl":{"offset":0,"content":["{"]}}}'])(
    'a malformed body is refused whole: %s',
    async (body) => {
      await server.startRun(ann, 'p', 'malformed');
      const { status, json } = await stream('malformed', body);
      expect(status).toBe(400);
      expect(json.errors[0].message).not.toBe('');
      expect(await rowsOf('malformed')).toEqual([]);
    },
  );

  test('more than 32 MiB are refused before they are read', async () => {
    await server.startRun(ann, 'p', 'large');
    const { status } = await server.ask('/files/ann/p/large/file_stream', {
      method: 'POST',
      key: ann,
      headers: { 'content-length': String(2 ** 30), expect: '100-continue' },
    });
    expect(status).toBe(413);
  });

  test('a run that is not there, of another user, or without a key is refused in W&B’s form', async () => {
    await server.startRun(ann, 'p', 'mine');
    expect((await stream('nobody', rows(0, 0))).status).toBe(404);
    expect((await stream('mine', rows(0, 0), { key: bob })).status).toBe(404);
    const { status, json } = await server.ask('/files/ann/p/mine/file_stream', { method: 'POST', body: {} });
    expect(status).toBe(401);
    expect(json.errors[0].message).not.toBe('');
    expect(await rowsOf('mine')).toEqual([]);
  });

  test('names in the address may be percent-encoded', async () => {
    await server.startRun(ann, 'p', 'größe 1+1');
    expect((await stream(encodeURIComponent('größe 1+1'), rows(0, 0))).status).toBe(200);
    expect(await rowsOf(encodeURIComponent('größe 1+1'))).toHaveLength(1);
  });

  test('the reply tells a program that somebody asked it to stop', async () => {
    await server.startRun(ann, 'p', 'stopped');
    await server.ask('/api/v1/projects/ann/p/runs/stopped/stop', { method: 'POST', key: ann });
    expect((await stream('stopped', {})).json).toEqual({ stopped: true });
  });
});
