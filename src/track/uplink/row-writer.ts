import { looseJson } from '../wire/json-text.ts';
import type { Item, MetricRecord } from '../wire/wandb-record.ts';
import { encodePath, RowEncoder } from '../wire/wandb-row-encoder.ts';
import type { RunLog } from './run-log.ts';
import { Summary } from './summary.ts';

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
  /** The summary keeps more than the last value, or nothing. */
  isRuled: boolean;
  /** The program itself has said what the summary holds, and nothing was logged since. */
  isSettled: boolean;
}

/** Turns rows into history records of a log: the part of `log()` that runs in the training loop. */
export class RowWriter {
  readonly #log: RunLog;
  readonly #encoder = new RowEncoder();
  readonly #keys = new Map<string, Key>();
  #keyCount = 0;
  /** Only of keys with rules. */
  readonly #ruled = new Summary();
  #hasRules = false;
  #lastStep = -1;
  #lastRuntimeS = 0;
  #lastTimestampS = 0;
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
      if (typeof value === 'number') this.#writeNumber(key, value);
      else this.#writeOther(key, value, 1);
    }
    encoder.number(this.#step, step);
    encoder.number(this.#runtime, runtimeS);
    encoder.number(this.#timestamp, timestampS);
    // The buffer is read after `end`: it may have grown.
    const end = encoder.end(step);
    this.#log.appendRow(encoder.buffer, end);
    this.#lastStep = step;
    this.#lastRuntimeS = runtimeS;
    this.#lastTimestampS = timestampS;
  }

  /** JSON text of the last value logged under a path; undefined when there is none. */
  last(path: readonly string[]): string | undefined {
    let key: Key | undefined;
    for (const name of path) key = (key ? key.children : this.#keys).get(name);
    return key?.last === undefined ? undefined : typeof key.last === 'number' ? looseJson(key.last) : key.last;
  }

  /** Metrics matching `record` are summarised as it says from now on. */
  define(record: MetricRecord): void {
    this.#ruled.define(record);
    this.#hasRules = true;
    const visit = (keys: Map<string, Key>): void => {
      for (const key of keys.values()) {
        key.isRuled = this.#ruled.hasRule(key.path);
        visit(key.children);
      }
    };
    visit(this.#keys);
  }

  /** The program has set or removed this key of the summary: what was logged before says nothing about it any more. */
  settle(name: string): void {
    const key = this.#keys.get(name);
    const visit = (each: Key): void => {
      each.isSettled = true;
      for (const child of each.children.values()) visit(child);
    };
    if (key) visit(key);
  }

  /** What the rows written so far make of the summary; empty before the first. The official `wandb sync` takes it from such a record, not from the rows. */
  summaryItems(): Item[] {
    if (this.#lastStep < 0) return [];
    const items: Item[] = [
      { path: ['_step'], json: String(this.#lastStep) },
      { path: ['_runtime'], json: String(this.#lastRuntimeS) },
      { path: ['_timestamp'], json: String(this.#lastTimestampS) },
    ];
    const visit = (keys: Map<string, Key>): void => {
      for (const key of keys.values()) {
        if (key.last !== undefined && !key.isRuled && !key.isSettled) {
          items.push({
            path: key.path,
            json: typeof key.last === 'number' ? (looseJson(key.last) ?? 'null') : key.last,
          });
        }
        visit(key.children);
      }
    };
    visit(this.#keys);
    for (const [name, json] of this.#ruled.entries()) {
      if (!this.#keys.get(name)?.isSettled) items.push({ path: [name], json });
    }
    return items;
  }

  #writeOther(key: Key, value: unknown, depth: number): void {
    if (typeof value === 'number') return this.#writeNumber(key, value);
    if (isPlainObject(value) && depth < DEPTH_MAX) {
      const members = Object.entries(value);
      for (const [name, member] of members) {
        this.#writeOther(key.children.get(name) ?? this.#addKey(key.children, [...key.path, name]), member, depth + 1);
      }
      if (members.length > 0) return;
    }
    const json = looseJson(value);
    if (json === undefined) return;
    if (json !== 'null') {
      key.last = json;
      key.isSettled = false;
    }
    this.#encoder.json(key.encodedPath, json);
  }

  #writeNumber(key: Key, value: number): void {
    key.last = value;
    key.isSettled = false;
    if (key.isRuled) this.#ruled.log([{ path: key.path, json: looseJson(value) ?? 'null' }]);
    this.#encoder.number(key.encodedPath, value);
  }

  #addKey(keys: Map<string, Key>, path: readonly string[]): Key {
    const key: Key = {
      path,
      encodedPath: encodePath(path),
      children: new Map(),
      last: undefined,
      isRuled: false,
      isSettled: false,
    };
    key.isRuled = this.#hasRules && this.#ruled.hasRule(path);
    if (this.#keyCount++ < KEYS_MAX) keys.set(path.at(-1) as string, key);
    return key;
  }
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
