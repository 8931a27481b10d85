import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ScratchServer } from '../http/scratch-server.double.ts';
import { ApiClient, ApiError } from './client.ts';

let server: ScratchServer;
let client: ApiClient;
let entity: string;

beforeAll(async () => {
  server = await ScratchServer.start('local');
  client = new ApiClient({ server: `http://${server.host}`, apiKey: server.localKey });
  const { user } = await client.call('session', {});
  entity = user.username;
  await server.startRun(server.localKey, 'p 1', 'a run');
  const content = ['{"loss":1,"_step":0}', '{"loss":NaN,"_step":1}', '{"loss":0.25,"_step":2}'];
  await server.log(server.localKey, `${entity}/p%201/a%20run`, content);
});
afterAll(() => server[Symbol.asyncDispose]());

test('calls a route by its name, with what stands in its address escaped', async () => {
  const { runs, total } = await client.call('runs', {
    at: { entity, project: 'p 1' },
    query: { columns: 'summary.loss', limit: 5 },
  });
  expect([total, runs[0]?.id, runs[0]?.state]).toEqual([1, 'a run', 'running']);
  const edited = await client.call('editRun', {
    at: { entity, project: 'p 1', run: 'a run' },
    body: { notes: 'good' },
  });
  expect(edited.notes).toBe('good');
});

test('reads series from their binary form, null for what is not there', async () => {
  const series = (key: string) => ({ run: 'a run', stream: 'history' as const, key });
  const at = { entity, project: 'p 1' };
  const [loss, nothing] = await client.series(at, { series: [series('loss'), series('nothing')], buckets: 10 });
  expect(nothing).toBeNull();
  expect([...(loss?.xMin ?? [])]).toEqual([0, 1, 2]);
  expect([...(loss?.mean ?? [])]).toEqual([1, Number.NaN, 0.25]);
  expect([loss?.total, loss?.last]).toEqual([3, 0.25]);
});

test('a refusal is an error that says what the server said', async () => {
  const refused = await client.call('run', { at: { entity, project: 'p 1', run: 'missing' } }).catch((error) => error);
  expect(refused).toBeInstanceOf(ApiError);
  expect(refused).toMatchObject({ status: 404, code: 'not_found', message: expect.stringContaining('missing') });
  const stranger = new ApiClient({ server: `http://${server.host}` });
  await expect(stranger.call('session', {})).rejects.toMatchObject({ status: 401, code: 'unauthenticated' });
});

test('a server that is not there, and one that is not ours, are errors of their own', async () => {
  const other = createServer((_request, response) => response.writeHead(502).end('<h1>Bad gateway</h1>'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const lost = new ApiClient({ server: address });
  await expect(lost.call('session', {})).rejects.toMatchObject({ status: 502, code: 'internal' });
  await new Promise((resolve) => other.close(resolve));
  await expect(lost.call('session', {})).rejects.toMatchObject({ status: 0, code: 'unreachable' });
});

test('a request that was given up ends with the reason', async () => {
  const given = AbortSignal.abort(new Error('another zoom'));
  await expect(client.call('session', {}, given)).rejects.toThrow('another zoom');
});
