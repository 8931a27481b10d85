import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { must } from '../../core/base/assert.ts';
import type { RunPath } from '../../core/model/run.ts';
import { openTestHub, type TestHub } from './test-hub.ts';

let test: TestHub;
beforeEach(async () => {
  test = await openTestHub();
  await test.hub.runs.start(test.ann, path, {});
});
afterEach(() => test[Symbol.asyncDispose]());

const path: RunPath = { entity: 'ann', project: 'digits', id: 'r1' };
const receive = (name: string, text: string, limits?: { maxBytes?: number; md5?: string }) =>
  test.hub.files.receive(path, name, Readable.from([Buffer.from(text)]), 'text/plain', limits);
const textOf = async (name: string, range?: { start: number; end: number }) => {
  const found = await test.hub.files.read(path, name, range);
  return found && (await buffer(found.bytes)).toString();
};
const bytesOnDisk = () =>
  readdirSync(join(test.folder, 'blobs'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .length;

it('keeps the bytes of a file, the newest of a name, and gives parts', async () => {
  await receive('media/a b.txt', 'first');
  await receive('media/a b.txt', 'second');
  expect(await textOf('media/a b.txt')).toBe('second');
  expect(await textOf('media/a b.txt', { start: 1, end: 4 })).toBe('eco');
  expect(await textOf('media/none')).toBeNull();
  const run = must(await test.hub.runs.find(test.ann, path));
  expect((await test.hub.files.list(test.ann, run, { limit: 10 })).map((file) => [file.name, file.sizeBytes])).toEqual([
    ['media/a b.txt', 6],
  ]);
  await vi.waitFor(() => expect(bytesOnDisk()).toBe(1));
});

it('refuses names that lead elsewhere, too many bytes and other bytes than announced, and keeps nothing of them', async () => {
  const code = (promise: Promise<unknown>) =>
    promise.then(
      () => 'done',
      (error: { code: string }) => error.code,
    );
  expect(await code(receive('../../etc/passwd', 'x'))).toBe('bad_request');
  expect(await code(receive('big', 'x'.repeat(11), { maxBytes: 10 }))).toBe('too_large');
  expect(await code(receive('other', 'x', { md5: '0'.repeat(32) }))).toBe('bad_request');
  expect(await code(test.hub.files.receive({ ...path, id: 'none' }, 'x', Readable.from([]), null))).toBe('not_found');
  expect(bytesOnDisk()).toBe(0);
});

it('removes the bytes with the run', async () => {
  await receive('a', '1');
  await receive('b', '2');
  expect(bytesOnDisk()).toBe(2);
  await test.hub.runs.delete(test.ann, path);
  await vi.waitFor(() => expect(bytesOnDisk()).toBe(0), { timeout: 20_000 });
});
