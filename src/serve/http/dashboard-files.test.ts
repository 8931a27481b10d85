import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dashboardFiles } from './dashboard-files.ts';

let folder: string;
let app: FastifyInstance;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackside dashboard '));
  await mkdir(join(folder, 'built', 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'not for you');
  await writeFile(join(folder, 'built', 'index.html'), '<title>page</title>');
  await writeFile(join(folder, 'built', '.hidden'), 'not for you');
  await writeFile(join(folder, 'built', 'assets', 'app-12ab.js'), 'let it = 1;');
  await writeFile(join(folder, 'built', 'assets', 'app-12ab.js.gz'), gzipSync('let it = 1;'));
  app = Fastify();
  const sendPage = dashboardFiles(app, join(folder, 'built'));
  app.setNotFoundHandler(sendPage);
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

test('the page is the answer to every address of the dashboard, asked for anew each time, and runs only what we ship', async () => {
  for (const url of ['/', '/index.html', '/ann/mnist', '/ann/mnist/runs/r1?x=1', '/authorize', '/ann/a.b']) {
    const answer = await app.inject({ url, headers: { 'accept-encoding': 'gzip' } });
    expect([url, answer.statusCode, answer.body]).toEqual([url, 200, '<title>page</title>']);
    expect(answer.headers['content-type']).toMatch(/^text\/html/);
    expect(answer.headers['cache-control']).toBe('no-cache');
    expect(answer.headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self'/);
    expect(answer.headers['content-security-policy']).not.toMatch(/unsafe/);
  }
});

test('what has a hash in its name is kept for ever, and sent as it was compressed by the build', async () => {
  const packed = await app.inject({ url: '/assets/app-12ab.js', headers: { 'accept-encoding': 'gzip' } });
  expect(packed.headers['content-encoding']).toBe('gzip');
  expect(packed.headers['content-type']).toMatch(/javascript/);
  expect(packed.headers['cache-control']).toMatch(/immutable/);
  const plain = await app.inject({ url: '/assets/app-12ab.js' });
  expect([plain.headers['content-encoding'], plain.body]).toEqual([undefined, 'let it = 1;']);
});

test.each(['/../secret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt', '/..%5csecret.txt', '/.hidden'])(
  'nothing outside of it is sent: %s',
  async (url) => {
    expect((await app.inject({ url })).body).not.toContain('not for you');
  },
);

test('before the dashboard is built, a page says how to build it', async () => {
  const bare = Fastify();
  dashboardFiles(bare, join(folder, 'nothing'));
  expect((await bare.inject('/')).body).toContain('npm run build');
});
