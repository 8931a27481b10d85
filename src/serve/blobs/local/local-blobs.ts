import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Refusal } from '../../../core/model/refusal.ts';
import type { Blobs, StoredBlob } from '../blobs.ts';

const NAME = /^[0-9a-f]{32}$/;
const RETRY_AFTER_S = 30;

/**
 * Blobs as files below a folder, made if it is missing: `aa/<32 hex>` by the name's first two letters, `incoming/` for what
 * has not arrived whole. What a crash left in `incoming/` is removed at the start.
 */
export async function openLocalBlobs(options: { folder: string }): Promise<Blobs> {
  const blobs = new LocalBlobs(options.folder);
  await blobs.start();
  return blobs;
}

class LocalBlobs implements Blobs {
  readonly #folder: string;
  readonly #incoming: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#incoming = join(folder, 'incoming');
  }

  async start(): Promise<void> {
    await mkdir(this.#incoming, { recursive: true });
    for (const name of await readdir(this.#incoming)) await rm(join(this.#incoming, name), { force: true });
  }

  async put(bytes: Readable, limits: { maxBytes: number; md5?: string }): Promise<StoredBlob> {
    const blob = randomBytes(16).toString('hex');
    const aside = join(this.#incoming, blob);
    try {
      const arrived = await this.#receive(bytes, aside, limits);
      await this.#publish(aside, blob);
      return { blob, ...arrived };
    } catch (error) {
      bytes.destroy();
      await rm(aside, { force: true });
      throw passing(error);
    }
  }

  async open(blob: string, range?: { start: number; end: number }): Promise<Readable> {
    const path = this.#path(blob);
    const size = path === null ? null : await this.size(blob);
    if (path === null || size === null) throw new Refusal('not_found', 'the bytes of this file are gone');
    const end = Math.min(range?.end ?? size, size);
    const start = Math.min(range?.start ?? 0, end);
    if (start === end) return Readable.from([]);
    return createReadStream(path, { start, end: end - 1 });
  }

  async size(blob: string): Promise<number | null> {
    const path = this.#path(blob);
    if (path === null) return null;
    return stat(path).then(
      (found) => found.size,
      () => null,
    );
  }

  async delete(blob: string): Promise<boolean> {
    const path = this.#path(blob);
    if (path === null) return false;
    return rm(path).then(
      () => true,
      () => false,
    );
  }

  async ping(): Promise<void> {
    await stat(this.#incoming).catch(() => {
      throw new Refusal('unavailable', `the folder of files ${this.#folder} is not there`, RETRY_AFTER_S);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** Null for a name that is not ours: nothing outside the folder can be named. */
  #path(blob: string): string | null {
    return NAME.test(blob) ? join(this.#folder, blob.slice(0, 2), blob) : null;
  }

  async #receive(
    bytes: Readable,
    path: string,
    limits: { maxBytes: number; md5?: string },
  ): Promise<Omit<StoredBlob, 'blob'>> {
    const md5 = createHash('md5');
    const sha256 = createHash('sha256');
    let sizeBytes = 0;
    const file = await open(path, 'wx', 0o600);
    try {
      for await (const chunk of bytes as AsyncIterable<Buffer>) {
        sizeBytes += chunk.byteLength;
        if (sizeBytes > limits.maxBytes) {
          throw new Refusal('too_large', `the file is larger than the ${limits.maxBytes} bytes that were agreed`);
        }
        md5.update(chunk);
        sha256.update(chunk);
        await writeWhole(file, chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    const digest = md5.digest('hex');
    if (limits.md5 !== undefined && limits.md5 !== digest) {
      throw new Refusal(
        'bad_request',
        `the bytes have MD5 ${digest}, not ${limits.md5} as announced; send the file again`,
      );
    }
    return { sizeBytes, md5: digest, sha256: sha256.digest('hex') };
  }

  /** Gives the file its name; the names of file and folder are on the disk afterwards. */
  async #publish(aside: string, blob: string): Promise<void> {
    const folder = join(this.#folder, blob.slice(0, 2));
    const made = await mkdir(folder, { recursive: true });
    await rename(aside, join(folder, blob));
    await syncFolder(folder);
    if (made !== undefined) await syncFolder(this.#folder);
  }
}

async function writeWhole(file: FileHandle, chunk: Buffer): Promise<void> {
  for (let at = 0; at < chunk.byteLength;) at += (await file.write(chunk, at)).bytesWritten;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** A full or failing disk passes; the caller may try again. */
function passing(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new Refusal(
      'unavailable',
      'the disk for files is full; free some space, then send the file again',
      RETRY_AFTER_S,
    );
  }
  if (code === 'EIO' || code === 'EMFILE' || code === 'EROFS') {
    return new Refusal('unavailable', `the disk for files fails (${code}); send the file again later`, RETRY_AFTER_S);
  }
  return error;
}
