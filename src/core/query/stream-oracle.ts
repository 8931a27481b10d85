import type { KeySummary } from '../model/stream.ts';
import { isLooseObject, type LooseValue } from './loose-json.ts';

export type OracleRow = { readonly [key: string]: LooseValue };

interface Stored {
  readonly writer: string;
  readonly line: number;
  readonly row: OracleRow;
}

const TAKEN_APART = 8;

/**
 * What a history or system stream must hold: rows in a plain list, every rule written down in the simplest way. Stores
 * are compared with it.
 */
export class StreamOracle {
  readonly #kind: 'history' | 'system';
  #rows: Stored[] = [];
  /** The rows by writer and line; only to make long comparisons short. */
  #index = new Map<string, Stored>();

  constructor(kind: 'history' | 'system') {
    this.#kind = kind;
  }

  get rows(): readonly OracleRow[] {
    return this.#rows.map(({ row }) => row);
  }

  /**
   * Lines of one writer. While one of them is there and differs, the writer's rows from there on go. Then the lines that
   * are not there become the last rows, but for repetitions: those that equal the last row of the same moment that was there
   * before. Says whether there were such.
   */
  append(writer: string, line0: number, rows: readonly OracleRow[]): boolean {
    for (;;) {
      const differs = rows.findIndex((row, i) => {
        const there = this.#find(writer, line0 + i);
        return there !== undefined && canonical(there.row) !== canonical(row);
      });
      if (differs < 0) break;
      const cut = this.#rows.findIndex((stored) => stored.writer === writer && stored.line === line0 + differs);
      this.#keep((stored, i) => i < cut || stored.writer !== writer);
    }
    const sent = rows.map((row, i) => ({ writer, line: line0 + i, row }));
    const lastOf = new Map(this.#rows.map(({ row }) => [this.#moment(row), row]));
    const isRepetition = (row: OracleRow) => {
      const last = this.#moment(row) === null ? undefined : lastOf.get(this.#moment(row));
      return last !== undefined && canonical(last) === canonical(row);
    };
    const fresh = sent.filter(({ line, row }) => this.#find(writer, line) === undefined && !isRepetition(row));
    this.#push(fresh);
    return fresh.length > 0;
  }

  /** Rows that become the last ones as they are, as lines of the unnamed writer. */
  bulk(rows: readonly OracleRow[]): void {
    const line0 = this.nextLine('');
    this.#push(rows.map((row, i) => ({ writer: '', line: line0 + i, row })));
  }

  /**
   * Rows whose number under `key` is beyond `bound` go, and rows without one that come after the first of those. Says
   * whether there were such.
   */
  cutBeyond(key: string, bound: number): boolean {
    const first = this.#rows.findIndex(({ row }) => isBeyond(row[key], bound));
    if (first < 0) return false;
    const stays = ({ row }: Stored) => typeof row[key] === 'number' && !isBeyond(row[key], bound);
    this.#keep((stored, i) => i < first || stays(stored));
    return true;
  }

  /** One beyond the writer's highest line. */
  nextLine(writer: string): number {
    return this.#rows.reduce((next, row) => (row.writer === writer ? Math.max(next, row.line + 1) : next), 0);
  }

  /** A line of a writer, null when it is no row. */
  line(writer: string, line: number): OracleRow | null {
    return this.#find(writer, line)?.row ?? null;
  }

  keys(): readonly KeySummary[] {
    const found = new Map<string, { path: string[]; values: LooseValue[] }>();
    for (const { row } of this.#rows) {
      for (const { path, value } of leaves(row, [])) {
        const id = JSON.stringify(path);
        const entry = found.get(id) ?? { path, values: [] };
        entry.values.push(value);
        found.set(id, entry);
      }
    }
    return Array.from(found.values(), ({ path, values }) => summary(path.join('.'), values));
  }

  /**
   * What a row is found again by when it is uploaded under another line: its time, in history with its step. Null for a row
   * that lacks them.
   */
  #moment(row: OracleRow): string | null {
    const time = finite(row['_timestamp']);
    const step = this.#kind === 'history' ? finite(row['_step']) : 0;
    return time === null || step === null ? null : `${time} ${step}`;
  }

  #push(stored: readonly Stored[]): void {
    for (const each of stored) {
      this.#rows.push(each);
      this.#index.set(`${each.line} ${each.writer}`, each);
    }
  }

  #find(writer: string, line: number): Stored | undefined {
    return this.#index.get(`${line} ${writer}`);
  }

  #keep(stays: (stored: Stored, i: number) => boolean): void {
    this.#rows = this.#rows.filter(stays);
    this.#index = new Map(this.#rows.map((stored) => [`${stored.line} ${stored.writer}`, stored]));
  }
}

function finite(value: LooseValue | undefined): number | null {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function isBeyond(value: LooseValue | undefined, bound: number): boolean {
  return typeof value === 'number' && value > bound;
}

/** The values of a row by path: nested objects are taken apart, but for empty ones and those with a `_type`. */
function* leaves(value: LooseValue, path: string[]): Generator<{ path: string[]; value: LooseValue }> {
  const whole = Object.keys(Object(value)).length === 0 || path.length > TAKEN_APART;
  if (!isLooseObject(value) || (path.length > 0 && (whole || '_type' in value))) {
    yield { path, value };
    return;
  }
  for (const [key, inner] of Object.entries(value)) yield* leaves(inner, [...path, key]);
}

function summary(key: string, values: readonly LooseValue[]): KeySummary {
  const counts: Record<string, number> = {};
  for (const value of values) counts[typeOf(value)] = (counts[typeOf(value)] ?? 0) + 1;
  // What is summed up has no -0 (-0 + 0 is 0).
  const numbers = values.filter((value) => typeOf(value) === 'number').map((value) => Number(value) + 0);
  const finite = numbers.filter((value) => Number.isFinite(value));
  return {
    key,
    counts,
    last: numbers.at(-1) ?? null,
    min: finite.length === 0 ? null : finite.reduce((a, b) => Math.min(a, b)),
    max: finite.length === 0 ? null : finite.reduce((a, b) => Math.max(a, b)),
  };
}

function typeOf(value: LooseValue): 'number' | 'string' | 'boolean' | 'null' | 'list' | 'object' {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  const type = typeof value;
  return type === 'bigint' ? 'number' : (type as 'number' | 'string' | 'boolean' | 'object');
}

/** Text that is the same for equal values only: keys sorted, -0 and integers beyond 2^53 told apart. */
export function canonical(value: LooseValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (isLooseObject(value)) {
    const members = Object.keys(value).toSorted();
    return `{${members.map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`).join(',')}}`;
  }
  if (typeof value === 'string') return JSON.stringify(value);
  return Object.is(value, -0) ? '-0' : `${typeof value === 'bigint' ? 'n' : ''}${String(value)}`;
}
