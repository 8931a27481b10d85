import type { readOperations } from './read-operations.ts';
import { type Arguments, Thread, type Value } from './thread-call.ts';
import type { writeOperations } from './write-operations.ts';

type Writes = typeof writeOperations;
type Reads = typeof readOperations;

/** A reader that nobody asked for this long is closed: an idle server should be small. */
const READER_IDLE_MS = 10 * 60_000;

/** The store's threads: one writer, and readers while somebody reads. */
export class Threads {
  readonly #path: string;
  readonly #readersMax: number;
  readonly #writer: Thread<Writes>;
  #readers: Thread<Reads>[] = [];
  #opening: Promise<void> | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #closed = false;

  static async open(path: string, readersMax: number): Promise<Threads> {
    return new Threads(path, readersMax, await Thread.open<Writes>({ path, role: 'write' }));
  }

  private constructor(path: string, readersMax: number, writer: Thread<Writes>) {
    this.#path = path;
    this.#readersMax = readersMax;
    this.#writer = writer;
  }

  /** Runs a write; resolves when it is durable. Buffers in `transfer` are moved, and must not be used here any more. */
  write<Name extends keyof Writes & string>(
    op: Name,
    args: Arguments<Writes[Name]>,
    transfer?: readonly ArrayBuffer[],
  ): Promise<Value<Writes[Name]>> {
    return this.#writer.call(op, args, transfer);
  }

  /**
   * Runs a read in the least busy reader; another is opened when each has something to do. `first`: always in the same one,
   * for reads that are quick only where they were done before, thanks to what that reader remembers.
   */
  async read<Name extends keyof Reads & string>(
    op: Name,
    args: Arguments<Reads[Name]>,
    where: 'least busy' | 'first' = 'least busy',
  ): Promise<Value<Reads[Name]>> {
    let reader = where === 'first' ? this.#readers[0] : this.#leastBusy();
    if (reader === undefined) {
      await this.#openReader();
      reader = this.#leastBusy();
      if (reader === undefined) throw new Error('the store is closed');
    } else if (reader.pending > 0 && this.#readers.length < this.#readersMax) {
      void this.#openReader().catch(() => undefined); // The readers there are carry on; the next busy moment tries again.
    }
    this.#idleTimer?.refresh();
    return reader.call(op, args);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idleTimer);
    await this.#opening?.catch(() => undefined);
    await Promise.all(this.#readers.map((reader) => reader.close()));
    await this.#writer.close();
  }

  #leastBusy(): Thread<Reads> | undefined {
    let best: Thread<Reads> | undefined;
    for (const reader of this.#readers) if (best === undefined || reader.pending < best.pending) best = reader;
    return best;
  }

  #openReader(): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('the store is closed'));
    this.#opening ??= Thread.open<Reads>({ path: this.#path, role: 'read' })
      .then((reader) => {
        this.#readers.push(reader);
        this.#idleTimer ??= setTimeout(() => this.#closeIdle(), READER_IDLE_MS).unref();
      })
      .finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  #closeIdle(): void {
    const idle = this.#readers.filter((reader) => reader.pending === 0);
    this.#readers = this.#readers.filter((reader) => reader.pending > 0);
    this.#idleTimer = undefined;
    if (this.#readers.length > 0) this.#idleTimer = setTimeout(() => this.#closeIdle(), READER_IDLE_MS).unref();
    for (const reader of idle) void reader.close();
  }
}
