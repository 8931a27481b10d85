import { jsonMembers, jsonNumber, soundJson } from '../wire/json-text.ts';
import { JsonTree } from '../wire/json-tree.ts';
import type { Item, MetricRecord, SummaryKind } from '../wire/wandb-record.ts';

/** What a metric whose summary is more than its last value has seen so far. */
interface Tally {
  readonly path: readonly string[];
  readonly kinds: readonly SummaryKind[];
  readonly goal: 'minimize' | 'maximize' | null;
  min: number;
  max: number;
  sum: number;
  count: number;
}

/**
 * A run's summary: for each key the last value logged, or what `define_metric` asks for. W&B's rules: `min`, `max`, `mean`,
 * `first`, `last` and `best` stand as members of an object under the key, `copy` is the plain last value, `none` is nothing.
 */
export class Summary {
  readonly #tree = new JsonTree();
  readonly #metrics: { readonly record: MetricRecord; readonly matches: (key: string) => boolean }[] = [];
  /** By key as logged (paths joined by dots); null: the plain last value. Refilled when a metric is defined. */
  readonly #tallies = new Map<string, Tally | null>();
  /** What there was before this log, by key. */
  readonly #former = new Map<string, string>();
  #version = 0;

  /** Rises with every change. */
  get version(): number {
    return this.#version;
  }

  /** A summary that was there before: JSON text of one object. */
  adopt(json: string): void {
    for (const [key, member] of jsonMembers(json)) {
      this.#tree.set([key], member);
      this.#former.set(key, member);
    }
    this.#version++;
  }

  define(record: MetricRecord): void {
    this.#metrics.push({
      record,
      matches: record.glob === '' ? (key) => key === record.name : globMatcher(record.glob),
    });
    const added = this.#metrics.at(-1);
    for (const key of this.#tallies.keys()) if (added?.matches(key)) this.#tallies.delete(key);
  }

  /** A row was logged. */
  log(items: readonly Item[]): void {
    for (const { path, json } of items) {
      // As W&B has it, null is no value: the one before stays.
      if (json === 'null') continue;
      const tally = this.#tallyOf(path);
      if (tally === null) this.#tree.set(path, json);
      else this.#count(tally, json);
    }
    this.#version++;
  }

  /** The program set or removed values itself. */
  change(update: readonly Item[], remove: readonly (readonly string[])[]): void {
    for (const path of remove) this.#tree.remove(path);
    for (const item of update) this.#tree.set(item.path, soundJson(item.json));
    this.#version++;
  }

  /** Whether the summary keeps anything else of a metric than its last value. */
  hasRule(path: readonly string[]): boolean {
    return this.#tallyOf(path) !== null;
  }

  /** Its keys with the JSON text of each. */
  entries(): Iterable<readonly [key: string, json: string]> {
    return this.#tree.entries();
  }

  toJson(): string {
    return this.#tree.toJson();
  }

  #tallyOf(path: readonly string[]): Tally | null {
    const key = path.length === 1 ? (path[0] as string) : path.join('.');
    let tally = this.#tallies.get(key);
    if (tally === undefined) {
      // What is defined later and by full name counts more than a glob.
      const exact = this.#metrics.findLast(({ record }) => record.name === key);
      const record = (exact ?? this.#metrics.findLast(({ matches }) => matches(key)))?.record;
      const kinds = record?.summary ?? [];
      const isPlain = kinds.length === 0 || kinds.includes('copy');
      tally = isPlain
        ? null
        : { path, kinds, goal: record?.goal ?? null, ...extremes(this.#former.get(key)), sum: 0, count: 0 };
      this.#tallies.set(key, tally);
    }
    return tally;
  }

  #count(tally: Tally, json: string): void {
    const value = jsonNumber(json);
    if (tally.kinds.includes('none') || value === null || Number.isNaN(value)) return;
    tally.count++;
    tally.sum += value;
    tally.min = Math.min(tally.min, value);
    tally.max = Math.max(tally.max, value);
    const set = (kind: SummaryKind, text: string): void => {
      if (tally.kinds.includes(kind)) this.#tree.set([...tally.path, kind], text);
    };
    set('min', String(tally.min));
    set('max', String(tally.max));
    set('mean', String(tally.sum / tally.count));
    set('last', json);
    set('best', String(tally.goal === 'maximize' ? tally.max : tally.min));
    if (tally.count === 1) set('first', json);
  }
}

/** The minimum and maximum that a former summary of a metric states; those of nothing when it states none. */
function extremes(json: string | undefined): { min: number; max: number } {
  const { min, max } = Object.fromEntries(jsonMembers(json ?? '{}'));
  return { min: jsonNumber(min ?? '') ?? Infinity, max: jsonNumber(max ?? '') ?? -Infinity };
}

/** W&B's globs: `*` stands for any characters. */
function globMatcher(glob: string): (key: string) => boolean {
  const parts = glob.split('*');
  return (key) => {
    const [head = '', ...rest] = parts;
    if (rest.length === 0) return key === glob;
    const tail = rest.pop() ?? '';
    if (!key.startsWith(head) || key.length < head.length + tail.length || !key.endsWith(tail)) return false;
    let at = head.length;
    for (const part of rest) {
      const found = key.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= key.length - tail.length;
  };
}
