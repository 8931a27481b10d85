import type { Readable } from 'node:stream';
import type { Clock } from '../../core/base/clock.ts';
import { checkFileName } from '../../core/model/name-rule.ts';
import { Refusal } from '../../core/model/refusal.ts';
import type { RunFile } from '../../core/model/run-file.ts';
import type { Run, RunPath } from '../../core/model/run.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { Store } from '../store/store.ts';
import type { HubFiles, Principal } from './hub.ts';
import type { KnownRuns } from './known-runs.ts';
import type { Notices } from './notices.ts';
import { seenRun } from './permission.ts';

const FILE_BYTES_MAX = 5 * 1024 ** 3;
const ANY_TYPE = 'application/octet-stream';

export class Files implements HubFiles {
  readonly #store: Store;
  readonly #blobs: Blobs;
  readonly #clock: Clock;
  readonly #known: KnownRuns;
  readonly #notices: Notices;
  readonly #deleted: () => void;

  constructor(
    parts: Readonly<{
      store: Store;
      blobs: Blobs;
      clock: Clock;
      known: KnownRuns;
      notices: Notices;
      /** Called when bytes may have lost their name. */
      deleted: () => void;
    }>,
  ) {
    this.#store = parts.store;
    this.#blobs = parts.blobs;
    this.#clock = parts.clock;
    this.#known = parts.known;
    this.#notices = parts.notices;
    this.#deleted = parts.deleted;
  }

  async receive(
    path: RunPath,
    name: string,
    bytes: Readable,
    mimetype: string | null,
    limits: { maxBytes?: number; md5?: string } = {},
  ): Promise<RunFile> {
    checkFileName(name);
    const run = await this.#known.find(path);
    if (!run) throw new Refusal('not_found', `There is no run ${path.id}: it was deleted, so its file has no place.`);
    const { maxBytes = FILE_BYTES_MAX, md5 } = limits;
    const stored = await this.#blobs.put(bytes, { maxBytes, ...(md5 === undefined ? {} : { md5 }) });
    const file: RunFile = {
      name,
      sizeBytes: stored.sizeBytes,
      md5: stored.md5,
      mimetype: mimetype && /^[\w.+-]+\/[\w.+-]+$/.test(mimetype) ? mimetype : ANY_TYPE,
      updatedAt: this.#clock.now(),
      blob: stored.blob,
    };
    try {
      await this.#store.files.put(run.key, file);
    } catch (error) {
      await this.#blobs.delete(stored.blob);
      throw error;
    }
    this.#deleted();
    this.#notices.publish(path, run.rev, ['files']);
    return file;
  }

  list(
    who: Principal,
    run: Run,
    page: { like?: string; names?: readonly string[]; after?: string; limit: number },
  ): Promise<readonly RunFile[]> {
    return this.#store.files.list(seenRun(who, run), page);
  }

  count(who: Principal, run: Run): Promise<number> {
    return this.#store.files.count(seenRun(who, run));
  }

  async read(
    path: RunPath,
    name: string,
    range?: { start: number; end: number },
  ): Promise<{ file: RunFile; bytes: Readable } | null> {
    const run = await this.#known.find(path);
    const file = run && (await this.#store.files.get(run.key, name));
    return file && { file, bytes: await this.#blobs.open(file.blob, range) };
  }

  async delete(who: Principal, run: Run, names: readonly string[]): Promise<number> {
    const key = seenRun(who, run);
    const before = await this.#store.files.count(key);
    await this.#store.files.delete(key, names);
    this.#deleted();
    this.#notices.publish(run, run.rev, ['files']);
    return before - (await this.#store.files.count(key));
  }
}
