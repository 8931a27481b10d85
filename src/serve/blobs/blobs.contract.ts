import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { Blobs } from './blobs.ts';

const MAX = 100 * 2 ** 20;

/** Declares the tests that every kind of blobs passes. `open` makes an empty one; the suite disposes of it. */
export function blobsContract(open: () => Promise<Blobs>): void {
  test('what was put is read back, whole and in parts', async () => {
    await using blobs = await open();
    const content = randomBytes(300_000);
    const put = await blobs.put(pieces(content, 7_000), { maxBytes: content.length, md5: digest('md5', content) });
    expect(put).toMatchObject({
      sizeBytes: content.length,
      md5: digest('md5', content),
      sha256: digest('sha256', content),
    });
    expect(await blobs.size(put.blob)).toBe(content.length);
    expect(content.equals(await buffer(await blobs.open(put.blob)))).toBe(true);
    for (const [start, end] of [
      [0, 1],
      [99_999, 200_001],
      [299_999, 300_000],
      [5, 5],
      [299_000, 400_000],
    ] as const) {
      const part = await buffer(await blobs.open(put.blob, { start, end }));
      expect(content.subarray(start, end).equals(part)).toBe(true);
    }
  });

  test('nothing is a content too', async () => {
    await using blobs = await open();
    const { blob, sizeBytes, md5 } = await blobs.put(Readable.from([]), { maxBytes: 0 });
    expect({ sizeBytes, md5 }).toEqual({ sizeBytes: 0, md5: 'd41d8cd98f00b204e9800998ecf8427e' });
    expect(await buffer(await blobs.open(blob))).toHaveLength(0);
  });

  test('the same content twice is two blobs: one may be deleted', async () => {
    await using blobs = await open();
    const put = () => blobs.put(pieces(Buffer.from('same'), 2), { maxBytes: MAX });
    const [first, second] = await Promise.all([put(), put()]);
    expect(await blobs.delete(first.blob)).toBe(true);
    expect(await blobs.delete(first.blob)).toBe(false);
    expect(await blobs.size(first.blob)).toBeNull();
    await expect(blobs.open(first.blob)).rejects.toMatchObject({ code: 'not_found' });
    expect(String(await buffer(await blobs.open(second.blob)))).toBe('same');
  });

  test('a reader that has begun reads to the end, though the blob is deleted', async () => {
    await using blobs = await open();
    const content = randomBytes(1_000_000);
    const { blob } = await blobs.put(pieces(content, 50_000), { maxBytes: MAX });
    const reading = await blobs.open(blob);
    await blobs.delete(blob);
    expect(content.equals(await buffer(reading))).toBe(true);
  });

  test('too much, the wrong content and a sender who leaves are refused', async () => {
    await using blobs = await open();
    const content = Buffer.from('0123456789');
    const tooLarge = blobs.put(pieces(content, 3), { maxBytes: 9 });
    await expect(tooLarge).rejects.toMatchObject({ code: 'too_large' });
    const other = blobs.put(pieces(content, 3), { maxBytes: 10, md5: digest('md5', Buffer.from('other')) });
    await expect(other).rejects.toMatchObject({ code: 'bad_request' });
    const left = Readable.from(leaving());
    await expect(blobs.put(left, { maxBytes: MAX })).rejects.toThrow('the sender has left');
  });

  test('names that were never given out name nothing', async () => {
    await using blobs = await open();
    for (const name of [
      '',
      '..',
      '../../etc/passwd',
      '/etc/passwd',
      'incoming',
      'a'.repeat(32),
      'A'.repeat(32),
      '\0',
    ]) {
      expect(await blobs.size(name)).toBeNull();
      expect(await blobs.delete(name)).toBe(false);
      await expect(blobs.open(name)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  test('many at once', async () => {
    await using blobs = await open();
    const contents = Array.from({ length: 50 }, (_, i) => randomBytes(i * 100));
    const put = await Promise.all(contents.map((content) => blobs.put(pieces(content, 999), { maxBytes: MAX })));
    expect(new Set(put.map(({ blob }) => blob)).size).toBe(50);
    const read = await Promise.all(put.map(async ({ blob }) => buffer(await blobs.open(blob))));
    expect(read.map((content) => digest('md5', content))).toEqual(put.map(({ md5 }) => md5));
    await blobs.ping();
  });
}

function pieces(content: Buffer, size: number): Readable {
  const starts = Array.from({ length: Math.ceil(content.length / size) }, (_, i) => i * size);
  return Readable.from(starts.map((start) => content.subarray(start, start + size)));
}

function* leaving(): Generator<Buffer> {
  yield Buffer.from('begun');
  throw new Error('the sender has left');
}

function digest(kind: 'md5' | 'sha256', content: Buffer): string {
  return createHash(kind).update(content).digest('hex');
}
