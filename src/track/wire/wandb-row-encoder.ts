import { FRAME_HEADROOM } from './wandb-log-framer.ts';

/** Room for the widest number: its text is at most 25 characters. */
const NUMBER_BYTES_MAX = 32;
/** Bytes of the lengths that are filled in at the end: varints written four bytes wide, good for 256 MiB. */
const LENGTH_BYTES = 4;

const utf8 = new TextEncoder();

/**
 * The protobuf fields of an item that name its path: what of an item does not change from row to row. Keep it by key.
 * Field numbers as in `wandb-record-encode.ts`, which is the readable form of what this file does by hand. Always as a nested
 * key, as the official client writes history.
 */
export function encodePath(path: readonly string[]): Uint8Array {
  const out: number[] = [];
  for (const key of path) {
    const bytes = utf8.encode(key);
    out.push(0x12);
    for (let length = bytes.length; ; length >>>= 7) {
      out.push(length > 127 ? (length & 127) | 128 : length);
      if (length <= 127) break;
    }
    for (const byte of bytes) out.push(byte);
  }
  // The tag of `value_json`, field 16.
  out.push(0x82, 0x01);
  return Uint8Array.from(out);
}

/**
 * Writes history records without an object or an array per value: the one thing that happens inside the training loop.
 * Use: `begin`, then `number` and `json` for each item, then `end`; the record lies in `buffer[FRAME_HEADROOM, end)`.
 */
export class RowEncoder {
  /** Grows as rows do; read it after `end`. */
  buffer: Uint8Array = new Uint8Array(4096);
  #at = 0;
  #lengthAt = 0;

  /** Starts the record with this number in the log. */
  begin(recordNumber: number): void {
    this.#at = FRAME_HEADROOM;
    this.#byte(0x08);
    this.#varint(recordNumber);
    this.#byte(0x12);
    this.#lengthAt = this.#at;
    this.#at += LENGTH_BYTES;
  }

  /** A number, NaN and infinities included, under a path made by `encodePath`. */
  number(path: Uint8Array, value: number): void {
    const text = value === 0 && 1 / value < 0 ? '-0' : String(value);
    this.#reserve(path.length + NUMBER_BYTES_MAX);
    this.#itemHead(path, text.length);
    const buffer = this.buffer;
    let at = this.#at;
    for (let i = 0; i < text.length; i++) buffer[at++] = text.charCodeAt(i);
    this.#at = at;
  }

  /** Any value as JSON text. */
  json(path: Uint8Array, text: string): void {
    const bytes = utf8.encode(text);
    this.#reserve(path.length + bytes.length + NUMBER_BYTES_MAX);
    this.#itemHead(path, bytes.length);
    this.buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** Ends the record and returns where. The step must be a whole number from 0. */
  end(step: number): number {
    this.#reserve(NUMBER_BYTES_MAX);
    const stepAt = this.#at;
    this.#byte(0x12);
    this.#byte(0);
    this.#byte(0x08);
    this.#varint(step);
    this.buffer[stepAt + 1] = this.#at - stepAt - 2;
    const length = this.#at - this.#lengthAt - LENGTH_BYTES;
    for (let i = 0; i < LENGTH_BYTES; i++) {
      this.buffer[this.#lengthAt + i] = ((length >>> (7 * i)) & 127) | (i < LENGTH_BYTES - 1 ? 128 : 0);
    }
    return this.#at;
  }

  #itemHead(path: Uint8Array, jsonBytes: number): void {
    this.#byte(0x0a);
    this.#varint(path.length + varintBytes(jsonBytes) + jsonBytes);
    const buffer = this.buffer;
    let at = this.#at;
    for (let i = 0; i < path.length; i++) buffer[at++] = path[i] as number;
    this.#at = at;
    this.#varint(jsonBytes);
  }

  #byte(value: number): void {
    this.buffer[this.#at++] = value;
  }

  #varint(value: number): void {
    let rest = value;
    // Division, not shifts: steps and record numbers may pass 2^31.
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#byte((rest & 127) | 128);
    this.#byte(rest);
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.buffer.length) return;
    const larger = new Uint8Array(2 * (this.#at + bytes));
    larger.set(this.buffer);
    this.buffer = larger;
  }
}

function varintBytes(value: number): number {
  return value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4;
}
