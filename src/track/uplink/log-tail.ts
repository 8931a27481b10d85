import { open } from 'node:fs/promises';
import { type LogDamage, WandbLogReader } from '../wire/wandb-log-reader.ts';
import { decodeRecord } from '../wire/wandb-record-decode.ts';
import type { LogRecord } from '../wire/wandb-record.ts';

/** Where a log ends, as far as it has been read. */
export interface LogEnd {
  /** Bytes and records up to the last whole record. */
  readonly bytes: number;
  readonly records: number;
  /** All bytes looked at, those of a torn record included. */
  readonly seenBytes: number;
  readonly damage: LogDamage | null;
}

const READ_BYTES = 256 * 1024;

/**
 * Follows a log that may still grow. The file is opened anew for each look: on network file systems an open file keeps
 * showing a stale size. What seems damaged is read again from the last whole record, since it may be half written.
 */
export class LogTail {
  readonly path: string;
  #reader = new WandbLogReader();
  #offset = 0;
  #records = 0;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * The records that are new, at most about 256 KiB of them or one that is larger; empty only when there is nothing new.
   * Rejects as `open` and `read` do.
   */
  async read(): Promise<LogRecord[]> {
    if (this.#reader.damage?.kind === 'corrupt') this.reread();
    const file = await open(this.path, 'r');
    try {
      for (;;) {
        const { bytesRead, buffer } = await file.read({
          buffer: Buffer.allocUnsafe(READ_BYTES),
          position: this.#offset,
        });
        this.#offset += bytesRead;
        const entries = this.#reader.push(buffer.subarray(0, bytesRead));
        this.#records += entries.length;
        const records = entries.flatMap((entry) => decodeRecord(entry.bytes) ?? []);
        // All these bytes may lie inside one record, or be of none that is known: that is not the end of the log.
        if (records.length > 0 || bytesRead === 0 || this.#reader.damage?.kind === 'corrupt') return records;
      }
    } finally {
      await file.close();
    }
  }

  /** Where and why the log, as read so far, does not end with a whole record; null when it does. */
  get damage(): LogDamage | null {
    return this.#reader.damage;
  }

  /** How far the log has been read. */
  get end(): LogEnd {
    return { bytes: this.#reader.goodBytes, records: this.#records, seenBytes: this.#offset, damage: this.damage };
  }

  /** Reads what lies behind the last whole record anew: it has been written over. */
  reread(): void {
    this.#offset = this.#reader.goodBytes;
    this.#reader = new WandbLogReader(this.#offset);
  }

  /** Starts over at the beginning of the file. */
  rewind(): void {
    this.#reader = new WandbLogReader();
    this.#offset = 0;
    this.#records = 0;
  }
}
