import { crc32 } from '../../core/base/crc32.ts';
import {
  BLOCK_BYTES,
  CHUNK_FIRST,
  CHUNK_FULL,
  CHUNK_HEADER_BYTES,
  CHUNK_LAST,
  FILE_HEADER,
  RECORD_BYTES_MAX,
} from './wandb-log-format.ts';

/** What a record of the greatest length fills, with room for short chunks; bounds what many empty chunks can hold. */
const CHUNKS_MAX = 2 * Math.ceil(RECORD_BYTES_MAX / BLOCK_BYTES);

/** Where and why reading ended. Offsets count bytes from the start of the file. */
export interface LogDamage {
  /** `torn`: the bytes end inside a record, more may come. `corrupt`: they contradict the format, and no more can mend it. */
  readonly kind: 'torn' | 'corrupt';
  /** The end of the last whole record: what lies before is good, a writer may continue here. */
  readonly goodBytes: number;
  readonly reason: string;
}

/** One record of a log, still in protobuf. */
export interface LogEntry {
  /** Owned by the caller. */
  readonly bytes: Uint8Array;
  /** The offset of the first byte after the record. */
  readonly endOffset: number;
}

/**
 * Reads a `.wandb` log from chunks of any size. It never throws on any bytes and holds at most one record and one chunk.
 * After corruption it delivers nothing more: what follows has no place that could be trusted.
 */
export class WandbLogReader {
  /** Bytes pushed and not yet used; they begin at file offset `#offset`. */
  #rest: Uint8Array = new Uint8Array(0);
  #offset: number;
  #goodBytes: number;
  #parts: Uint8Array[] = [];
  #partBytes = 0;
  #corrupt: string | null = null;

  /** `offset`: where in the file the first pushed byte lies; 0, or the end of a whole record (`endOffset`, `goodBytes`). */
  constructor(offset = 0) {
    this.#offset = offset;
    this.#goodBytes = offset;
  }

  /** Takes the next bytes of the file and returns the records that they complete, in order. */
  push(bytes: Uint8Array): LogEntry[] {
    if (this.#corrupt !== null) return [];
    this.#rest = this.#rest.length === 0 ? bytes : concat([this.#rest, bytes], this.#rest.length + bytes.length);
    const entries: LogEntry[] = [];
    let at = 0;
    while (this.#corrupt === null) {
      const used = this.#take(at, entries);
      if (used === 0) break;
      at += used;
    }
    this.#rest = copy(this.#rest, at, this.#rest.length);
    this.#offset += at;
    return entries;
  }

  /** The end of the last whole record. */
  get goodBytes(): number {
    return this.#goodBytes;
  }

  /** Why the bytes pushed so far do not end with a whole record; null when they do. */
  get damage(): LogDamage | null {
    if (this.#corrupt !== null) return { kind: 'corrupt', goodBytes: this.#goodBytes, reason: this.#corrupt };
    if (this.#rest.length === 0 && this.#parts.length === 0) return null;
    return { kind: 'torn', goodBytes: this.#goodBytes, reason: 'the log ends inside a record' };
  }

  /** Uses what it can at `#rest[at]`: the file header, the end of a block, or a chunk. 0: more bytes are needed. */
  #take(at: number, entries: LogEntry[]): number {
    const offset = this.#offset + at;
    const available = this.#rest.length - at;
    if (offset < FILE_HEADER.length) return this.#takeFileHeader(at, available);
    const left = BLOCK_BYTES - (offset % BLOCK_BYTES);
    if (left < CHUNK_HEADER_BYTES) return available < left ? 0 : left;
    if (available < CHUNK_HEADER_BYTES) return 0;
    const length = byteAt(this.#rest, at + 4) | (byteAt(this.#rest, at + 5) << 8);
    const type = byteAt(this.#rest, at + 6);
    if (type < CHUNK_FULL || type > CHUNK_LAST) return this.#fail(offset, `chunk type ${type} does not exist`);
    if (CHUNK_HEADER_BYTES + length > left) return this.#fail(offset, 'the chunk is longer than its block');
    const end = at + CHUNK_HEADER_BYTES + length;
    if (end > this.#rest.length) return 0;
    if (crc32(this.#rest, at + 6, end) !== readUint32(this.#rest, at)) return this.#fail(offset, 'wrong checksum');
    return this.#takeChunk(at, length, type, entries);
  }

  #takeFileHeader(at: number, available: number): number {
    if (available < FILE_HEADER.length) return 0;
    if (FILE_HEADER.some((byte, i) => this.#rest[at + i] !== byte))
      return this.#fail(0, 'this is not a W&B log, version 0');
    this.#goodBytes = FILE_HEADER.length;
    return FILE_HEADER.length;
  }

  #takeChunk(at: number, length: number, type: number, entries: LogEntry[]): number {
    const used = CHUNK_HEADER_BYTES + length;
    const opens = type === CHUNK_FULL || type === CHUNK_FIRST;
    if (opens !== (this.#parts.length === 0)) return this.#fail(this.#offset + at, 'chunks are out of order');
    this.#partBytes += length;
    if (this.#partBytes > RECORD_BYTES_MAX || this.#parts.length > CHUNKS_MAX)
      return this.#fail(this.#offset + at, 'a record is longer than 64 MiB');
    this.#parts.push(copy(this.#rest, at + CHUNK_HEADER_BYTES, at + used));
    if (type === CHUNK_FULL || type === CHUNK_LAST) {
      const bytes = this.#parts.length === 1 ? (this.#parts[0] as Uint8Array) : concat(this.#parts, this.#partBytes);
      this.#parts = [];
      this.#partBytes = 0;
      this.#goodBytes = this.#offset + at + used;
      entries.push({ bytes, endOffset: this.#goodBytes });
    }
    return used;
  }

  #fail(offset: number, reason: string): 0 {
    this.#corrupt = `${reason} (byte ${offset})`;
    this.#parts = [];
    return 0;
  }
}

/** Not `slice`: of a `Buffer` that is a view, and the caller may use its buffer again. */
function copy(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.subarray(start, end));
}

function concat(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] as number;
}

function readUint32(bytes: Uint8Array, at: number): number {
  const low = byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (byteAt(bytes, at + 2) << 16);
  return (low | (byteAt(bytes, at + 3) << 24)) >>> 0;
}
