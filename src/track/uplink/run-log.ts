import { FILE_HEADER } from '../wire/wandb-log-format.ts';
import { FRAME_HEADROOM, frameRecord } from '../wire/wandb-log-framer.ts';
import { encodeRecord, type WritableRecord } from '../wire/wandb-record-encode.ts';
import type { LogFile } from './log-file.ts';

/** What is held in memory at most while the file cannot be written. */
export const HELD_BYTES_MAX = 8 * 1024 * 1024;
const RETRY_MS = 1000;

export interface RunLogOptions {
  /** Told in one sentence when the file cannot be written, when records are given up, and when it is well again; each once. */
  readonly onTrouble: (text: string) => void;
  /** Milliseconds that never go back; decides when a failed write is tried again. */
  readonly monotonic: () => number;
  /** Where the file ends and how many records it has, when it is not a new one. */
  readonly position?: number;
  readonly records?: number;
}

/**
 * The writing end of a run's own log: each `append` is one synchronous write, so that a record outlives the process from the
 * moment the call returns. Appending never throws. When the disk is full the file stays as of its last whole record; records
 * are held in memory up to 8 MiB, tried again each second, and beyond that given up and counted.
 */
export class RunLog {
  readonly #file: LogFile;
  readonly #options: RunLogOptions;
  #position: number;
  #records: number;
  #scratch = new Uint8Array(4096);
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #dropped = 0;
  #triedAt = 0;

  constructor(file: LogFile, options: RunLogOptions) {
    this.#file = file;
    this.#options = options;
    this.#position = options.position ?? 0;
    this.#records = options.records ?? 0;
  }

  /** The number that the next record gets; the caller of `appendRow` writes it into the record. */
  get nextNumber(): number {
    return this.#records + 1;
  }

  /** Bytes of the file, up to the last whole record. */
  get position(): number {
    return this.#position;
  }

  /** Records given up because the disk stayed full. */
  get dropped(): number {
    return this.#dropped;
  }

  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  append(record: WritableRecord): void {
    this.appendBytes(encodeRecord(record));
  }

  /** Appends a record as `encodeRecord` makes it. */
  appendBytes(record: Uint8Array): void {
    const needed = FRAME_HEADROOM + 11 + record.length;
    if (this.#scratch.length < needed) this.#scratch = new Uint8Array(2 * needed);
    const buffer = this.#scratch;
    let at = FRAME_HEADROOM;
    buffer[at++] = 0x08;
    let rest = this.nextNumber;
    for (; rest > 127; rest = Math.floor(rest / 128)) buffer[at++] = (rest & 127) | 128;
    buffer[at++] = rest;
    buffer.set(record, at);
    this.appendRow(buffer, at + record.length);
  }

  /** Appends the record in `buffer[FRAME_HEADROOM, end)`, number included, as `RowEncoder` makes it. The headroom is overwritten. */
  appendRow(buffer: Uint8Array, end: number): void {
    this.#records++;
    if (this.#held.length > 0) this.retry();
    if (this.#held.length > 0) this.#hold(buffer, end);
    else if (!this.#emit(buffer, end)) this.#hold(buffer, end);
  }

  /** Writes what is held, unless the last try was less than a second ago and `now` is not set. Call it each second while `isHolding`. */
  retry(now = false): void {
    if (!now && this.#options.monotonic() - this.#triedAt < RETRY_MS) return;
    this.#triedAt = this.#options.monotonic();
    let done = 0;
    for (const record of this.#held) {
      if (!this.#emit(record, record.length)) break;
      this.#heldBytes -= record.length;
      done++;
    }
    this.#held.splice(0, done);
    if (done === 0 || this.#held.length > 0) return;
    const lost = this.#dropped > 0 ? `; ${this.#dropped} records were lost` : '';
    this.#options.onTrouble(`The run's log can be written again${lost}.`);
  }

  /** Until the log lies on the disk. Blocks; a disk that refuses is no reason to fail. */
  sync(): void {
    this.retry(true);
    try {
      this.#file.sync();
    } catch (error) {
      this.#options.onTrouble(`The run's log may not be safe from a power failure: ${(error as Error).message}.`);
    }
  }

  /** Writes what is held, if it can, and gives the file back. */
  close(): void {
    this.sync();
    try {
      this.#file.close();
    } catch (error) {
      this.#options.onTrouble(`The run's log was not closed well: ${(error as Error).message}.`);
    }
  }

  /** Writes one record, behind the file's header if it is the first. */
  #emit(buffer: Uint8Array, end: number): boolean {
    if (this.#position > 0) return this.#write(frameRecord(buffer, end, this.#position));
    const framed = frameRecord(buffer, end, FILE_HEADER.length);
    const first = new Uint8Array(FILE_HEADER.length + framed.length);
    first.set(FILE_HEADER);
    first.set(framed, FILE_HEADER.length);
    return this.#write(first);
  }

  #write(bytes: Uint8Array): boolean {
    let done = 0;
    try {
      while (done < bytes.length) {
        const written = this.#file.write(done === 0 ? bytes : bytes.subarray(done), this.#position + done);
        if (written === 0) throw new Error('nothing was written');
        done += written;
      }
      this.#position += bytes.length;
      return true;
    } catch (error) {
      this.#giveBack(error as Error);
      return false;
    }
  }

  /** Back to the last whole record, so that readers see no torn one for long. */
  #giveBack(error: Error): void {
    try {
      this.#file.truncate(this.#position);
    } catch {
      // What is left behind the last whole record is overwritten by the next write that goes well.
    }
    if (this.#held.length > 0) return;
    this.#triedAt = this.#options.monotonic();
    this.#options.onTrouble(`The run's log cannot be written (${error.message}); up to 8 MiB are kept until it can.`);
  }

  #hold(buffer: Uint8Array, end: number): void {
    if (this.#heldBytes + end > HELD_BYTES_MAX) {
      if (this.#dropped++ === 0)
        this.#options.onTrouble("The run's log still cannot be written; records are lost now.");
      return;
    }
    this.#held.push(new Uint8Array(buffer.subarray(0, end)));
    this.#heldBytes += end;
  }
}
