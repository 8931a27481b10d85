import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ScratchServer } from './scratch-server.double.ts';

const MIB = 1024 * 1024;

let server: ScratchServer;
let key: string;

beforeAll(async () => {
  server = await ScratchServer.start('users');
  key = await server.addUser('ann');
  await server.startRun(key, 'p', 'r1');
});
afterAll(() => server[Symbol.asyncDispose]());

const stream = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
  server.ask('/files/ann/p/r1/file_stream', { method: 'POST', key, body, headers });

/** Sends these bytes as they are and gives back what comes until the server closes. */
async function raw(...parts: readonly string[]): Promise<string> {
  const socket: Socket = connect(server.port, '127.0.0.1');
  for (const part of parts) socket.write(part);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

test.each([
  ['an unfinished one', '{'],
  ['a list', '[]'],
  ['null', 'null'],
  ['an unfinished row', '{"files":{"wandb-history.jsonl":{"offset":0,"content":["{"]}}}'],
  ['an offset before the beginning', '{"files":{"wandb-history.jsonl":{"offset":-1,"content":["{}"]}}}'],
  ['an offset that 32 bits do not hold', '{"files":{"wandb-history.jsonl":{"offset":4294967296,"content":["{}"]}}}'],
  ['a zero byte', '\u0000'],
  ['100,000 open brackets', '['.repeat(100_000)],
  [
    'a row of 10,000 objects in each other',
    `{"files":{"wandb-history.jsonl":{"offset":0,"content":["${'{\\"a\\":'.repeat(10_000)}1${'}'.repeat(10_000)}"]}}}`,
  ],
])('a broken file-stream body is refused whole, and nothing of it is kept: %s', async (_what, body) => {
  const answer = await stream(body);
  expect(answer.status).toBe(400);
  expect(answer.json.errors[0].message).not.toBe('');
  const { json } = await server.ask('/api/v1/projects/ann/p/runs/r1/rows', { key });
  expect(json.rows).toEqual([]);
});

test('a body that says that it is too large is refused before it is read', async () => {
  const head = `POST /files/ann/p/r1/file_stream HTTP/1.1\r\nhost: ${server.host}\r\nauthorization: Bearer ${key}\r\nconnection: close\r\n`;
  expect(await raw(`${head}content-length: ${33 * MIB}\r\n\r\n{`)).toMatch(/^HTTP\/1.1 413 /);
  expect(
    await raw(
      `POST /graphql${head.slice('POST /files/ann/p/r1/file_stream'.length)}content-length: ${65 * MIB}\r\n\r\n{`,
    ),
  ).toMatch(/^HTTP\/1.1 413 /);
});

test('a small body that unpacks to a huge one is refused', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * MIB, ' '));
  expect(bomb.length).toBeLessThan(MIB);
  const answer = await stream(bomb, { 'content-encoding': 'gzip' });
  expect(answer.status).toBe(413);
  expect((await stream('not gzip', { 'content-encoding': 'gzip' })).status).toBe(400);
});

test('a zipped body may take many packets', async () => {
  const rows = Array.from({ length: 50_000 }, () => JSON.stringify({ a: Math.random() }));
  const body = gzipSync(JSON.stringify({ files: { 'wandb-history.jsonl': { offset: 0, content: rows } } }));
  expect(body.length).toBeGreaterThan(400_000);
  await server.startRun(key, 'p', 'zipped');
  const sent = { method: 'POST', key, body, headers: { 'content-encoding': 'gzip' } };
  expect((await server.ask('/files/ann/p/zipped/file_stream', sent)).status).toBe(200);
});

test('values as deep as Python can write them come in, and back, by every way', async () => {
  const deep = (open: string, close: string) => `${open.repeat(1_000)}1${close.repeat(1_000)}`;
  const row = `{"a":${deep('{"k":', '}')},"b":${deep('[', ']')},"c":[${'[NaN,'.repeat(990)}1${']'.repeat(990)}]}`;
  await server.startRun(key, 'p', 'deep', JSON.parse(`{"tree":{"value":${deep('{"k":', '}')}}}`));
  const more = { files: { 'wandb-summary.json': { offset: 0, content: [row] } } };
  expect((await server.log(key, 'ann/p/deep', [row])).status).toBe(200);
  expect((await server.log(key, 'ann/p/deep', [row.replace('"a"', ' "a"')])).status).toBe(200);
  expect((await server.log(key, 'ann/p/deep', [], 0, more)).status).toBe(200);
  for (const path of [
    '/runs/deep',
    '/runs/deep/rows',
    '/runs?columns=summary.a,config.tree&filter=config.tree.k%3E1',
    '/columns',
  ]) {
    const { status, text } = await server.ask(`/api/v1/projects/ann/p${path}`, { key });
    expect([path, status]).toEqual([path, 200]);
    expect([path, text.includes(deep('[', ']'))]).toEqual([path, path.startsWith('/runs/')]);
  }
  const query = `{ project(name: "p") { run(name: "deep") { config summaryMetrics historyTail history
    sampledHistory(specs: ["{}"]) wandbConfig(keys: ["t"]) } } }`;
  const { json } = await server.ask('/graphql', { method: 'POST', key, body: { query } });
  expect(json.data.project.run.history).toHaveLength(1);
});

test('a number of a million digits is a number', async () => {
  await server.startRun(key, 'p', 'digits');
  const digits = '7'.repeat(1_000_000);
  expect((await server.log(key, 'ann/p/digits', [`{"n":${digits},"f":0.${digits}}`])).status).toBe(200);
  const { text } = await server.ask('/api/v1/projects/ann/p/runs/digits/rows', { key });
  expect(text).toContain(`"n":${digits}`);
  expect(text).toContain('"f":0.7777777777777778');
});

test('JSON of our REST is bounded at 1 MiB, typed, and cannot change prototypes', async () => {
  const patch = (body: string, type = 'application/json') =>
    server.ask('/api/v1/projects/ann/p/runs/r1', { method: 'PATCH', key, body, headers: { 'content-type': type } });
  expect((await patch(JSON.stringify({ notes: 'x'.repeat(MIB) }))).status).toBe(413);
  expect((await patch('{"notes":"x"}', 'text/plain')).status).toBe(400);
  expect((await patch('{"notes":')).status).toBe(400);
  expect((await patch('{"__proto__":{"notes":"x"}}')).status).toBe(400);
});

test('an address with broken escapes, or far too long, is refused and not logged as a fault', async () => {
  expect((await server.ask('/api/v1/projects/%zz/p', { key })).status).toBe(400);
  expect([400, 404]).toContain((await server.ask(`/api/v1/projects/ann/${'p'.repeat(2_000)}`, { key })).status);
  expect((await server.ask(`/${'p'.repeat(20_000)}`, { key })).status).toBe(431);
});

test('names with control characters, slashes and markup are refused or come back as they are, never as markup', async () => {
  for (const run of ['a%00b', 'a%1b%5b31m', '..%2f..%2fetc', 'a%2Fb']) {
    expect((await server.ask(`/api/v1/projects/ann/p/runs/${run}`, { key })).status).toBeGreaterThanOrEqual(400);
  }
  const displayName = '<img src=x onerror=alert(1)>';
  const edited = await server.ask('/api/v1/projects/ann/p/runs/r1', { method: 'PATCH', key, body: { displayName } });
  expect(edited.json.displayName).toBe(displayName);
  expect(edited.headers['content-type']).toMatch(/^application\/json/);
  expect(edited.headers['x-content-type-options']).toBe('nosniff');
});

test('a request without Host, with two, or that is not HTTP is turned away', async () => {
  expect(await raw('GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
  expect(await raw('GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 421 /);
  expect(await raw('hello\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
  expect(
    await raw(`GET http://evil.example/healthz HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n`),
  ).toMatch(/^HTTP\/1.1 421 /);
});

test('a client that declares two lengths cannot smuggle a second request', async () => {
  const head = `POST /graphql HTTP/1.1\r\nhost: ${server.host}\r\n`;
  expect(await raw(`${head}content-length: 4\r\ncontent-length: 40\r\n\r\n`)).toMatch(/^HTTP\/1.1 400 /);
  expect(await raw(`${head}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n`)).toMatch(/^HTTP\/1.1 400 /);
});

test('after all of that the server answers as before', async () => {
  expect((await server.ask('/ready')).status).toBe(200);
});

test('a client that stands still in the middle of its body does not keep a server from stopping', async () => {
  const other = await ScratchServer.start('users');
  const theirs = await other.addUser('ann');
  await other.startRun(theirs, 'p', 'r1');
  const socket = connect(other.port, '127.0.0.1');
  const ended = new Promise((resolve) => socket.on('close', () => resolve('cut off')).on('error', () => {}));
  socket.write(
    `POST /files/ann/p/r1/file_stream HTTP/1.1\r\nhost: ${other.host}\r\nauthorization: Bearer ${theirs}\r\ncontent-length: 1000\r\n\r\n{`,
  );
  await expect.poll(async () => (await other.ask('/metrics', { key: theirs })).text).toMatch(/in_flight_bytes 1000/);
  await other[Symbol.asyncDispose]();
  expect(await ended).toBe('cut off');
});
