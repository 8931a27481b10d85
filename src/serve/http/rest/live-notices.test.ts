import { type IncomingMessage, request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ScratchServer } from '../scratch-server.double.ts';

let server: ScratchServer;
let key: string;

beforeAll(async () => {
  server = await ScratchServer.start('users');
  key = await server.addUser('ann');
});
afterAll(() => server[Symbol.asyncDispose]());

interface Heard {
  readonly run: string;
  readonly project: string;
  readonly changed: readonly string[];
}

/** A subscriber who keeps all that was heard. */
async function listen(
  at: ScratchServer,
  asKey: string,
  query = '',
): Promise<{ response: IncomingMessage; heard: Heard[] }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { authorization: `Bearer ${asKey}` };
    httpRequest({ host: '127.0.0.1', port: at.port, path: `/api/v1/notices${query}`, headers, agent: false }, resolve)
      .on('error', reject)
      .end();
  });
  const heard: Heard[] = [];
  response.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n')) {
      if (line.startsWith('data: ')) heard.push(...JSON.parse(line.slice('data: '.length)).notices);
    }
  });
  return { response, heard };
}

test('whoever listens hears of new rows, states and deletions, of the project that was asked for', async () => {
  await server.startRun(key, 'mnist', 'r1');
  const mnist = await listen(server, key, '?entity=ann&project=mnist');
  const all = await listen(server, key);
  expect(mnist.response.headers['content-type']).toMatch(/^text\/event-stream/);
  expect(mnist.response.headers['content-encoding']).toBeUndefined();
  await server.startRun(key, 'cifar', 'r9');
  await server.log(key, 'ann/mnist/r1', ['{"_step":0,"loss":1}']);
  const changed = ({ heard }: { heard: Heard[] }, run: string) =>
    new Set(heard.filter((one) => one.run === run).flatMap((one) => one.changed));
  await expect.poll(() => changed(mnist, 'r1').has('history')).toBe(true);
  await server.ask('/api/v1/projects/ann/mnist/runs/r1', { method: 'DELETE', key });
  await expect.poll(() => changed(mnist, 'r1').has('gone')).toBe(true);
  await expect.poll(() => changed(all, 'r9').has('run')).toBe(true);
  expect(mnist.heard.every(({ project }) => project === 'mnist')).toBe(true);
  mnist.response.destroy();
  all.response.destroy();
  await expect.poll(async () => (await server.ask('/metrics', { key })).text).toMatch(/trackside_notice_subscribers 0/);
});

test('nobody hears of other people’s runs', async () => {
  const bob = await server.addUser('bob');
  const { response, heard } = await listen(server, bob);
  const refused = await server.ask('/api/v1/notices?entity=ann&project=mnist', { key: bob });
  expect(refused.status).toBe(404);
  await server.startRun(key, 'mnist', 'r2');
  await server.startRun(bob, 'own', 'b1');
  await expect.poll(() => heard.map(({ run }) => run)).toContain('b1');
  expect(heard.map(({ run }) => run)).not.toContain('r2');
  response.destroy();
});

test('half an address of a project is refused', async () => {
  expect((await server.ask('/api/v1/notices?entity=ann', { key })).status).toBe(400);
});

test('a server that stops ends its streams and does not wait for them', async () => {
  const other = await ScratchServer.start('users');
  const theirs = await other.addUser('ann');
  const { response } = await listen(other, theirs);
  const ended = new Promise((resolve) => response.on('end', () => resolve('in good order')));
  await other[Symbol.asyncDispose]();
  expect(await ended).toBe('in good order');
});
