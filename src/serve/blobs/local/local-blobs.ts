import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Refusal } from '../../../core/model/refusal.ts';
import type { Blobs, StoredBlob } from '../blobs.ts';
import { isMissing, refusedByDisk } from './disk-error.ts';
import { writeMeasured } from './measured-write.ts';

const NAME = /^[0-9a-f]{32}$/;

/**
 * Blobs as files of one folder, which is made if it is missing: `ab/ab…` by the first two letters of a random name,
 * `incoming/` while they are written. The folder must belong to one server; what a killed one left in `incoming/` is
 * removed when it opens.
 */
export async function openLocalBlobs({ folder }: { folder: string }): Promise<Blobs> {
  const incoming = join(folder, 'incoming');
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  for (const left of await readdir(incoming)) await rm(join(incoming, left), { recursive: true, force: true });
  return new LocalBlobs(folder, incoming);
}

class LocalBlobs implements Blobs {
  readonly #folder: string;
  readonly #incoming: string;

  constructor(folder: string, incoming: string) {
    this.#folder = folder;
    this.#incoming = incoming;
  }

  async put(bytes: Readable, limits: { maxBytes: number; md5?: string }): Promise<StoredBlob> {
    const blob = randomBytes(16).toString('hex');
    const aside = join(this.#incoming, blob);
    try {
      const measured = await writeMeasured(aside, bytes, limits.maxBytes);
      if (limits.md5 !== undefined && limits.md5.toLowerCase() !== measured.md5) {
        throw new Refusal('bad_request', 'the content does not have the MD5 that was announced; send it again');
      }
      await this.#publish(aside, blob);
      return { blob, ...measured };
    } catch (error) {
      bytes.destroy();
      await rm(aside, { force: true }).catch(() => undefined); // The next start removes it.
      throw refusedByDisk(error);
    }
  }

  async open(blob: string, range?: { start: number; end: number }): Promise<Readable> {
    const path = this.#path(blob);
    if (path === null) throw gone();
    const file = await open(path, 'r').catch((error: unknown) => {
      throw isMissing(error) ? gone() : refusedByDisk(error);
    });
    if (range === undefined) return file.createReadStream();
    if (range.start < range.end) return file.createReadStream({ start: range.start, end: range.end - 1 });
    await file.close();
    return Readable.from([]);
  }

  async size(blob: string): Promise<number | null> {
    const path = this.#path(blob);
    if (path === null) return null;
    try {
      return (await stat(path)).size;
    } catch (error) {
      if (isMissing(error)) return null;
      throw refusedByDisk(error);
    }
  }

  async delete(blob: string): Promise<boolean> {
    const path = this.#path(blob);
    if (path === null) return false;
    try {
      await unlink(path);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw refusedByDisk(error);
    }
  }

  async ping(): Promise<void> {
    const path = join(this.#incoming, `ping-${randomBytes(8).toString('hex')}`);
    try {
      await writeFile(path, 'ping', { mode: 0o600 });
    } catch (error) {
      throw refusedByDisk(error);
    } finally {
      await rm(path, { force: true });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Every file is closed by the call that opened it.
  }

  /** Moves a whole, synced file to its place, so that the name too survives a power cut. */
  async #publish(aside: string, blob: string): Promise<void> {
    const shard = join(this.#folder, blob.slice(0, 2));
    const made = await mkdir(shard, { recursive: true, mode: 0o700 });
    await rename(aside, join(shard, blob));
    await syncFolder(shard);
    if (made !== undefined) await syncFolder(this.#folder);
  }

  /** Null for a text that this store never gave out as a name. */
  #path(blob: string): string | null {
    return NAME.test(blob) ? join(this.#folder, blob.slice(0, 2), blob) : null;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function gone(): Refusal {
  return new Refusal('not_found', 'the content of this file was deleted');
}
