import { looseJson } from '../wire/json-text.ts';
import { encodePath, RowEncoder } from '../wire/wandb-row-encoder.ts';
import type { RunLog } from './run-log.ts';

/** Keys remembered at most; a program that invents a new key for every row must not fill memory. */
const KEYS_MAX = 100_000;
/** Objects nested deeper become one value. */
const DEPTH_MAX = 16;

/** What stays the same for a key from row to row. */
interface Key {
  readonly path: readonly string[];
  readonly encodedPath: Uint8Array;
  readonly children: Map<string, Key>;
  /** The last value: a number, JSON text, or nothing yet. */
  last: number | string | undefined;
}

/** Turns rows into history records of a log: the part of `log()` that runs in the training loop. */
export class RowWriter {
  readonly #log: RunLog;
  readonly #encoder = new RowEncoder();
  readonly #keys = new Map<string, Key>();
  #keyCount = 0;
  readonly #step: Uint8Array;
  readonly #runtime: Uint8Array;
  readonly #timestamp: Uint8Array;

  constructor(log: RunLog) {
    this.#log = log;
    this.#step = encodePath(['_step']);
    this.#runtime = encodePath(['_runtime']);
    this.#timestamp = encodePath(['_timestamp']);
  }

  /**
   * Writes one row. Nested plain objects become nested keys; values without meaning in JSON are left out. `_step`, `_runtime`
   * (seconds) and `_timestamp` (seconds since the epoch) are added, members of these names ignored. Throws what a getter of
   * the row throws, and then nothing is written.
   */
  write(row: Readonly<Record<string, unknown>>, step: number, runtimeS: number, timestampS: number): void {
    const encoder = this.#encoder;
    encoder.begin(this.#log.nextNumber);
    for (const name in row) {
      if (name === '_step' || name === '_runtime' || name === '_timestamp') continue;
      const value = row[name];
      const key = this.#keys.get(name) ?? this.#addKey(this.#keys, [name]);
      if (typeof value === 'number') {
        key.last = value;
        encoder.number(key.encodedPath, value);
      } else this.#writeOther(key, value, 1);
    }
    encoder.number(this.#step, step);
    encoder.number(this.#runtime, runtimeS);
    encoder.number(this.#timestamp, timestampS);
    // The buffer is read after `end`: it may have grown.
    const end = encoder.end(step);
    this.#log.appendRow(encoder.buffer, end);
  }

  /** JSON text of the last value logged under a path; undefined when there is none. */
  last(path: readonly string[]): string | undefined {
    let key: Key | undefined;
    for (const name of path) key = (key ? key.children : this.#keys).get(name);
    return key?.last === undefined ? undefined : typeof key.last === 'number' ? looseJson(key.last) : key.last;
  }

  #writeOther(key: Key, value: unknown, depth: number): void {
    if (typeof value === 'number') {
      key.last = value;
      this.#encoder.number(key.encodedPath, value);
      return;
    }
    if (isPlainObject(value) && depth < DEPTH_MAX) {
      const members = Object.entries(value);
      for (const [name, member] of members) {
        this.#writeOther(key.children.get(name) ?? this.#addKey(key.children, [...key.path, name]), member, depth + 1);
      }
      if (members.length > 0) return;
    }
    const json = looseJson(value);
    if (json === undefined) return;
    key.last = json;
    this.#encoder.json(key.encodedPath, json);
  }

  #addKey(keys: Map<string, Key>, path: readonly string[]): Key {
    const key: Key = { path, encodedPath: encodePath(path), children: new Map(), last: undefined };
    if (this.#keyCount++ < KEYS_MAX) keys.set(path.at(-1) as string, key);
    return key;
  }
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
