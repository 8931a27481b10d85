import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FilePolicy } from '../wire/wandb-record.ts';
import type { Retry } from './retry.ts';
import { createRunFiles } from './run-requests.ts';
import { LinkError, type ServerLink } from './server-link.ts';

const BATCH = 100;
const LOOK_EVERY_MS = 10_000;

/**
 * Uploads a run's files from its `files/` folder: `now` once it is there, `live` whenever it has changed (looked at every ten
 * seconds), `end` when the run ends. A file that is missing or that the server refuses is passed over; the run goes on.
 */
export class RunFiles {
  readonly #folder: string;
  readonly #link: ServerLink;
  readonly #retry: Retry;
  readonly #run: { entity: string; project: string; id: string };
  readonly #onTrouble: (text: string) => void;
  /** When each uploaded file was last changed. */
  readonly #sent = new Map<string, number>();
  #uploaded: string[] = [];
  #lookedAt = -Infinity;

  constructor(
    folder: string,
    server: { link: ServerLink; retry: Retry },
    run: { entity: string; project: string; id: string },
    onTrouble: (text: string) => void,
  ) {
    this.#folder = folder;
    this.#link = server.link;
    this.#retry = server.retry;
    this.#run = run;
    this.#onTrouble = onTrouble;
  }

  /** Names uploaded since the last call: the next file-stream request reports them. */
  takeUploaded(): string[] {
    const names = this.#uploaded;
    this.#uploaded = [];
    return names;
  }

  /** Uploads what is due. Rejects with `UploadEnded` only when the server is out of reach for too long. */
  async upload(files: ReadonlyMap<string, FilePolicy>, atEnd: boolean): Promise<void> {
    const isLookDue = performance.now() - this.#lookedAt >= LOOK_EVERY_MS;
    const fresh = [...files].some(([name, policy]) => policy !== 'end' && !this.#sent.has(name));
    if (!atEnd && !isLookDue && !fresh) return;
    this.#lookedAt = performance.now();
    const due: string[] = [];
    for (const [name, policy] of files) {
      if (!isInside(name) || (!atEnd && policy === 'end') || (policy === 'now' && this.#sent.has(name))) continue;
      const changedAt = await changeTime(join(this.#folder, name));
      if (changedAt === this.#sent.get(name)) continue;
      // A missing file counts as seen, so that it is looked for again only every ten seconds.
      this.#sent.set(name, changedAt);
      if (changedAt >= 0) due.push(name);
    }
    for (let at = 0; at < due.length; at += BATCH) await this.#uploadBatch(due.slice(at, at + BATCH));
  }

  /** Writes a file of our own into the folder, to be uploaded like the others. A folder that cannot be written is told, not thrown. */
  async write(name: string, text: string): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(join(this.#folder, name), text);
    } catch (error) {
      this.#onTrouble(`${name} was not written: ${(error as Error).message}.`);
    }
  }

  async #uploadBatch(names: readonly string[]): Promise<void> {
    for (const { name, url, headers } of await this.#retry.until(() => createRunFiles(this.#link, this.#run, names))) {
      if (!names.includes(name)) continue;
      const path = join(this.#folder, name);
      try {
        const missing = await this.#retry.until(() => this.#link.put(url, headers, path).catch(passOver));
        if (missing === undefined) this.#uploaded.push(name);
        else if (missing !== null) this.#onTrouble(`The file ${name} was not uploaded: ${missing}.`);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error)) throw error;
        this.#onTrouble(`The file ${name} was not uploaded: ${error.message}.`);
      }
    }
  }
}

/** A file that the server refuses is no reason to end the run's upload. */
function passOver(error: unknown): string {
  if (error instanceof LinkError && error.fatal) return error.message;
  throw error;
}

/** Whether a name from a log stays below the folder. */
function isInside(name: string): boolean {
  return (
    name !== '' &&
    !name.includes('\0') &&
    dirname(join('/', name)) !== '' &&
    !name.split(/[/\\]/).includes('..') &&
    !/^([/\\]|[A-Za-z]:)/.test(name)
  );
}

/** Milliseconds since the epoch; -1 when there is no such file. */
async function changeTime(path: string): Promise<number> {
  return stat(path).then(
    (found) => (found.isFile() ? found.mtimeMs : -1),
    () => -1,
  );
}
