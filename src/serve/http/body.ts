import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../../core/model/refusal.ts';

/** Long enough for any client with a working line. While a body comes it holds memory, and others wait for that. */
const READ_WITHIN_MS = 120_000;
const STANDS_STILL_MS = 30_000;
/** Memory of bodies from this size on is the system's own pages, which it gets back as soon as they are free. */
const PAGES_FROM_BYTES = 2 ** 20;

/**
 * Reads a body into memory of its own, which may be transferred to another thread. Refuses before reading when the declared
 * length is more than `bytesMax`, while reading when more than that comes (`too_large`), and what does not arrive whole
 * within two minutes or stands still for 30 s (`unavailable`, since a client may give up for good at anything else).
 */
export async function readBody(request: FastifyRequest, bytesMax: number): Promise<Uint8Array<ArrayBuffer>> {
  const declared = declaredBytes(request);
  if (declared !== null && declared > bytesMax) throw tooLarge(bytesMax);
  const { raw } = request;
  try {
    return declared === null ? await gather(raw, bytesMax) : await fill(raw, memory(declared));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('unavailable', 'The connection ended, or stood still, before the whole body had arrived.', 1);
  }
}

/** The length that the request declares; null when it comes in chunks. */
export function declaredBytes({ headers }: FastifyRequest): number | null {
  if (headers['transfer-encoding'] !== undefined) return null;
  return Number(headers['content-length'] ?? 0);
}

/**
 * Large memory is resizable, though nobody resizes it, because V8 maps that from the system. Other memory is malloc's, which
 * keeps what one thread allocates and another frees: a server under large bodies grew by 60 MB that way, and stayed so.
 */
function memory(sizeBytes: number): Uint8Array<ArrayBuffer> {
  if (sizeBytes < PAGES_FROM_BYTES) return new Uint8Array(sizeBytes);
  return new Uint8Array(new ArrayBuffer(sizeBytes, { maxByteLength: sizeBytes }), 0, sizeBytes);
}

/** Into memory of the declared size; the HTTP parser never lets more through than was declared. */
async function fill(raw: Readable, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  let at = 0;
  await eachChunk(raw, (chunk) => {
    bytes.set(chunk, at);
    at += chunk.length;
  });
  if (at < bytes.length) throw new Error(`${at} of ${bytes.length} bytes came`);
  return bytes;
}

/** Chunk by chunk, for a body whose length is not declared. */
async function gather(raw: Readable, bytesMax: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let size = 0;
  await eachChunk(raw, (chunk) => {
    size += chunk.length;
    if (size > bytesMax) throw tooLarge(bytesMax);
    chunks.push(chunk);
  });
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/**
 * Resolves at the end of the stream. By events, since an asynchronous iterator costs more than a small body itself; and it
 * would destroy the stream when `take` throws, and with it the connection on which the refusal is to be sent.
 */
async function eachChunk(raw: Readable, take: (chunk: Buffer) => void): Promise<void> {
  if (raw.destroyed) throw new Error('the connection ended while the body waited to be read');
  const giveUpAt = performance.now() + READ_WITHIN_MS;
  const patience = setTimeout(() => raw.destroy(), STANDS_STILL_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        patience.refresh();
        try {
          take(chunk);
        } catch (error) {
          raw.off('data', hear);
          reject(error);
        }
        if (performance.now() > giveUpAt) raw.destroy();
      };
      raw.on('data', hear).on('end', resolve).on('error', reject);
      raw.on('close', () => reject(new Error('the connection ended')));
    });
  } finally {
    clearTimeout(patience);
  }
}

function tooLarge(bytesMax: number): Refusal {
  return new Refusal(
    'too_large',
    `The body is larger than the ${bytesMax} bytes that are taken here: send it in parts.`,
  );
}
