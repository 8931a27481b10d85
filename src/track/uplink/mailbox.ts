/** Bytes of records that may wait in it. */
const MAILBOX_BYTES = 256 * 1024;

const STATE = 0;
const LENGTH = 1;
const STOP_ASKED = 2;
const STARTED = 3;
const ENDED = 4;
const FLAGS = 5;

/**
 * What the uploading thread tells the training thread without its help: memory that both see. Only the training thread writes
 * the log, and it may be in a loop that never yields; so it looks here at every `log()`, which costs some nanoseconds.
 */
export class Mailbox {
  readonly memory: SharedArrayBuffer;
  readonly #flags: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(FLAGS * 4 + MAILBOX_BYTES)) {
    this.memory = memory;
    this.#flags = new Int32Array(memory, 0, FLAGS);
    this.#bytes = new Uint8Array(memory, FLAGS * 4);
  }

  /** Uploading thread: leaves records for the log, as `encodeRecord` makes them. Answers how many fit; 0 while the last have not been taken. */
  leave(records: readonly Uint8Array[]): number {
    if (Atomics.load(this.#flags, STATE) !== 0) return 0;
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset);
    let at = 0;
    let count = 0;
    for (const record of records) {
      if (at + 4 + record.length > MAILBOX_BYTES) break;
      view.setUint32(at, record.length);
      this.#bytes.set(record, at + 4);
      at += 4 + record.length;
      count++;
    }
    if (count === 0) return 0;
    Atomics.store(this.#flags, LENGTH, at);
    Atomics.store(this.#flags, STATE, 1);
    return count;
  }

  get isFull(): boolean {
    return Atomics.load(this.#flags, STATE) !== 0;
  }

  /** Training thread: takes what was left. */
  take(): Uint8Array[] {
    if (!this.isFull) return [];
    const end = Atomics.load(this.#flags, LENGTH);
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset);
    const records: Uint8Array[] = [];
    for (let at = 0; at < end;) {
      const length = view.getUint32(at);
      records.push(this.#bytes.slice(at + 4, at + 4 + length));
      at += 4 + length;
    }
    Atomics.store(this.#flags, STATE, 0);
    return records;
  }

  askStop(): void {
    Atomics.store(this.#flags, STOP_ASKED, 1);
  }

  get isStopAsked(): boolean {
    return Atomics.load(this.#flags, STOP_ASKED) !== 0;
  }

  /** Uploading thread: the server has answered for the first time, or never will. */
  markStarted(): void {
    this.#mark(STARTED);
  }

  /** Uploading thread: nothing more will be sent. */
  markEnded(): void {
    this.#mark(STARTED);
    this.#mark(ENDED);
  }

  /** Blocks the training thread until `markStarted`, at most `timeoutMs`; whether it came. */
  awaitStarted(timeoutMs: number): boolean {
    return Atomics.wait(this.#flags, STARTED, 0, timeoutMs) !== 'timed-out';
  }

  /** Blocks the training thread until `markEnded`, at most `timeoutMs`; whether it came. */
  awaitEnded(timeoutMs: number): boolean {
    return Atomics.wait(this.#flags, ENDED, 0, timeoutMs) !== 'timed-out';
  }

  #mark(flag: number): void {
    Atomics.store(this.#flags, flag, 1);
    Atomics.notify(this.#flags, flag);
  }
}
