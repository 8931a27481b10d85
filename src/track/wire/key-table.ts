import { Refusal } from '../../core/model/refusal.ts';
import { textAt } from './loose-json-bytes.ts';

/** More different keys than this in one body are refused. */
export const KEYS_MAX = 200_000;
export const KEY_BYTES_MAX = 4_096;
/** Above this the table is emptied before the next body. */
const KEPT_KEYS = 50_000;
const KEPT_BYTES = 4 << 20;
const ROOT = 0;

/**
 * Interned keys: from the bytes of a key and the object that it stands in to a small number, without making a string.
 * Numbers hold until `forgetWhenLarge`. An open-addressing table; the hash is seeded, so that nobody can aim at it.
 */
export class KeyTable {
  readonly #seed = (Math.random() * 2 ** 32) | 0;
  #slots = new Int32Array(1_024);
  #hashes = new Int32Array(512);
  #parents = new Int32Array(512);
  #starts = new Int32Array(512);
  #ends = new Int32Array(512);
  #bytes = new Uint8Array(8_192);
  #used = 0;
  #paths: (string | undefined)[] = [];
  /** How many numbers are in use; the root, which is no key, is number 0. */
  size = 1;

  /** Where the hash of a key in this object begins; each byte is folded in by `Math.imul(hash ^ byte, 0x01000193)`. */
  hashBasis(parent: number): number {
    return Math.imul(parent + 1, 0x9e3779b1) ^ this.#seed;
  }

  /** The number of the key `bytes[start, end)` in the object `parent`. */
  intern(parent: number, bytes: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.#slots.length - 1;
    const length = end - start;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const id = this.#slots[slot] as number;
      if (id === 0) return this.#add(slot, parent, bytes, start, end, hash);
      if (this.#hashes[id] === hash && this.#parents[id] === parent) {
        const at = this.#starts[id] as number;
        if ((this.#ends[id] as number) - at === length) {
          let i = 0;
          while (i < length && this.#bytes[at + i] === bytes[start + i]) i++;
          if (i === length) return id;
        }
      }
      slot = (slot + 1) & mask;
    }
  }

  /** The path of a key as JSON text: `["sub","x"]`. */
  path(id: number): string {
    let path = this.#paths[id];
    if (path === undefined) {
      const name = JSON.stringify(textAt(this.#bytes, this.#starts[id] as number, this.#ends[id] as number));
      const parent = this.#parents[id] as number;
      path = parent === ROOT ? `[${name}]` : `${this.path(parent).slice(0, -1)},${name}]`;
      this.#paths[id] = path;
    }
    return path;
  }

  forgetWhenLarge(): void {
    if (this.size <= KEPT_KEYS && this.#used <= KEPT_BYTES) return;
    this.#slots = new Int32Array(1_024);
    this.#bytes = new Uint8Array(8_192);
    this.#used = 0;
    this.#paths = [];
    this.size = 1;
  }

  #add(slot: number, parent: number, bytes: Uint8Array, start: number, end: number, hash: number): number {
    if (end - start > KEY_BYTES_MAX) {
      throw new Refusal(
        'bad_request',
        `a key is longer than ${KEY_BYTES_MAX} bytes; nothing was kept, use a shorter one`,
      );
    }
    if (this.size > KEYS_MAX) {
      throw new Refusal(
        'bad_request',
        `more than ${KEYS_MAX} different keys at once; nothing was kept, log fewer keys`,
      );
    }
    const id = this.size++;
    if (id >= this.#hashes.length) this.#growKeys();
    while (this.#used + end - start > this.#bytes.length) this.#bytes = doubled(this.#bytes);
    this.#hashes[id] = hash;
    this.#parents[id] = parent;
    this.#starts[id] = this.#used;
    this.#bytes.set(bytes.subarray(start, end), this.#used);
    this.#used += end - start;
    this.#ends[id] = this.#used;
    this.#slots[slot] = id;
    if (this.size * 2 > this.#slots.length) this.#growSlots();
    return id;
  }

  #growKeys(): void {
    this.#hashes = doubled(this.#hashes);
    this.#parents = doubled(this.#parents);
    this.#starts = doubled(this.#starts);
    this.#ends = doubled(this.#ends);
  }

  #growSlots(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let id = 1; id < this.size; id++) {
      const hash = this.#hashes[id] as number;
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = id;
    }
  }
}

function doubled<T extends Int32Array | Uint8Array>(from: T): T {
  const to = new (from.constructor as new (length: number) => T)(from.length * 2);
  to.set(from);
  return to;
}
