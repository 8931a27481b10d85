import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { Refusal } from '../../../core/model/refusal.ts';

/** What was written, in bytes, and its digests in lower-case hex. */
export interface Measured {
  readonly sizeBytes: number;
  readonly md5: string;
  readonly sha256: string;
}

/**
 * Writes a stream to a new file and syncs it. Throws what the stream throws, `too_large` beyond `maxBytes`, and what the
 * file system throws; a part of the file may then be left.
 */
export async function writeMeasured(path: string, bytes: Readable, maxBytes: number): Promise<Measured> {
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');
  let sizeBytes = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const piece of bytes as AsyncIterable<Uint8Array | string>) {
      const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece;
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) {
        throw new Refusal('too_large', `more than ${maxBytes} bytes came, and this file may have no more`);
      }
      md5.update(chunk);
      sha256.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sizeBytes, md5: md5.digest('hex'), sha256: sha256.digest('hex') };
}
