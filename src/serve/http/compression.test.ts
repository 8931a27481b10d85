import { gunzipSync } from 'node:zlib';
import Fastify from 'fastify';
import { afterAll, expect, test } from 'vitest';
import { compressAnswers, takes } from './compression.ts';

const LONG = { text: 'ünd so weiter '.repeat(200) };
const app = Fastify();
compressAnswers(app);
app.get('/long', () => LONG);
app.get('/short', () => ({ text: 'short' }));
app.get('/bytes', (_request, reply) => reply.type('application/octet-stream').send(Buffer.alloc(10_000)));
afterAll(() => app.close());

const ask = (url: string, accepted: string, method: 'GET' | 'HEAD' = 'GET') =>
  app.inject({ url, method, headers: { 'accept-encoding': accepted } });

test('a long JSON answer is sent as gzip to who takes it, and says that it depends on that', async () => {
  const packed = await ask('/long', 'br, gzip;q=0.8');
  expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
  expect(packed.headers['content-length']).toBe(String(packed.rawPayload.length));
  expect(JSON.parse(gunzipSync(packed.rawPayload).toString())).toEqual(LONG);
  const plain = await ask('/long', 'br, gzip;q=0');
  expect([plain.headers['content-encoding'], plain.headers['vary']]).toEqual([undefined, 'accept-encoding']);
  expect(plain.json()).toEqual(LONG);
  expect((await ask('/long', 'gzip', 'HEAD')).headers['content-length']).toBe(packed.headers['content-length']);
});

test('short answers and binary ones are sent as they are', async () => {
  for (const url of ['/short', '/bytes']) {
    expect((await ask(url, 'gzip')).headers['content-encoding']).toBeUndefined();
  }
});

test.each<[string | undefined, boolean]>([
  ['gzip', true],
  ['deflate, GZIP', true],
  ['br;q=1.0, gzip ;q=0.5', true],
  ['gzip;q=0', false],
  ['gzip; q=0.000', false],
  ['x-gzip, gzipped', false],
  ['identity', false],
  ['', false],
  [undefined, false],
])('Accept-Encoding %j takes gzip: %s', (header, expected) => {
  expect(takes(header, 'gzip')).toBe(expected);
});
