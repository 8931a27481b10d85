import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../../core/model/refusal.ts';

/** Long enough for any client with a working line; a body that is held in memory may not wait for ever. */
const READ_WITHIN_MS = 120_000;

/**
 * Reads a body into memory of its own, which may be transferred to another thread. Refuses before reading when the declared
 * length is more than `bytesMax`, while reading when more than that comes (`too_large`), and what does not arrive whole
 * within two minutes. Blocks on the network only.
 */
export async function readBody(request: FastifyRequest, bytesMax: number): Promise<Uint8Array<ArrayBuffer>> {
  const declared = declaredBytes(request);
  if (declared !== null && declared > bytesMax) throw tooLarge(bytesMax);
  const { raw } = request;
  const deadline = setTimeout(() => raw.destroy(new Error('body too slow')), READ_WITHIN_MS);
  try {
    return declared === null ? await gather(raw, bytesMax) : await fill(raw, new Uint8Array(declared));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('bad_request', 'The connection ended, or stood still, before the whole body had arrived.');
  } finally {
    clearTimeout(deadline);
  }
}

/** The length that the request declares; null when it comes in chunks. */
export function declaredBytes({ headers }: FastifyRequest): number | null {
  if (headers['transfer-encoding'] !== undefined) return null;
  return Number(headers['content-length'] ?? 0);
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
function eachChunk(raw: Readable, take: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      try {
        take(chunk);
      } catch (error) {
        raw.off('data', hear);
        reject(error);
      }
    };
    raw.on('data', hear).on('end', resolve).on('error', reject);
    raw.on('close', () => reject(new Error('the connection ended')));
  });
}

function tooLarge(bytesMax: number): Refusal {
  return new Refusal(
    'too_large',
    `The body is larger than the ${bytesMax} bytes that are taken here: send it in parts.`,
  );
}
