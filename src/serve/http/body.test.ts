import { PassThrough } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { expect, test, vi } from 'vitest';
import { readBody } from './body.ts';

function requestOf(
  chunks: readonly string[],
  headers: Readonly<Record<string, string>>,
  end: 'ended' | 'and more to come' = 'ended',
): FastifyRequest {
  const raw = new PassThrough();
  for (const chunk of chunks) raw.write(chunk);
  if (end === 'ended') raw.end();
  return { raw, headers } as unknown as FastifyRequest;
}

test('a body lies in memory of its own, so that it can be transferred', async () => {
  for (const headers of [{ 'content-length': '6' }, { 'transfer-encoding': 'chunked' }]) {
    const bytes = await readBody(requestOf(['abc', 'def'], headers as Record<string, string>), 6);
    expect(Buffer.from(bytes).toString()).toBe('abcdef');
    expect(bytes.byteOffset).toBe(0);
    expect(bytes.buffer.byteLength).toBe(6);
  }
});

test('a body that says it is too large is refused unread, one that turns out so while it comes', async () => {
  const said = requestOf(['x'], { 'content-length': '7' });
  await expect(readBody(said, 6)).rejects.toMatchObject({ code: 'too_large' });
  expect(said.raw.readableLength).toBe(1);
  const silent = requestOf(['abcd', 'efg'], { 'transfer-encoding': 'chunked' }, 'and more to come');
  await expect(readBody(silent, 6)).rejects.toMatchObject({ code: 'too_large' });
  expect(silent.raw.destroyed).toBe(false); // or the refusal could not be sent
});

test('a body that ends early is refused', async () => {
  await expect(readBody(requestOf(['abc'], { 'content-length': '6' }), 6)).rejects.toMatchObject({
    code: 'unavailable',
  });
});

test('a body whose connection ended while it waited to be read is refused, not waited for', async () => {
  const request = requestOf(['abc'], { 'content-length': '6' }, 'and more to come');
  request.raw.destroy();
  await new Promise((resolve) => request.raw.on('close', resolve));
  await expect(readBody(request, 6)).rejects.toMatchObject({ code: 'unavailable' });
});

test('a body whose connection ends while it is read is refused', async () => {
  const request = requestOf(['abc'], { 'content-length': '6' }, 'and more to come');
  const read = readBody(request, 6);
  request.raw.destroy();
  await expect(read).rejects.toMatchObject({ code: 'unavailable' });
});

test('a body that stands still is cut off, one that comes slowly is not', async () => {
  vi.useFakeTimers();
  try {
    const request = requestOf(['a'], { 'content-length': '3' }, 'and more to come');
    const outcome = readBody(request, 3).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(29_000);
    (request.raw as unknown as PassThrough).write('b');
    await vi.advanceTimersByTimeAsync(29_000);
    expect(request.raw.destroyed).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(request.raw.destroyed).toBe(true);
    expect(await outcome).toMatchObject({ code: 'unavailable' });
  } finally {
    vi.useRealTimers();
  }
});
