import type { DatabaseSync } from 'node:sqlite';
import { statement } from '../statements.ts';
import { type Batch, SEGMENT_ROWS } from './batch.ts';
import type { StreamInfo } from './columns.ts';
import { readRows } from './row-reader.ts';
import { columnId } from './sealed-read.ts';

/** A window of `_step`, both ends inclusive. */
interface Steps {
  /** Null when the stream has no such key: then no row lies in the window. */
  readonly key: number | null;
  readonly min: number;
  readonly max: number;
  /** False when there is no window: rows without a step match too. */
  readonly asked: boolean;
}

/**
 * Finds the rows that hold a key of each of some groups and lie in a window of steps, segment by segment. A group is a key
 * alone, or the leaves of an object.
 */
export class RowFinder {
  readonly #db: DatabaseSync;
  readonly #info: StreamInfo;
  readonly #groups: readonly (readonly number[])[];
  readonly #steps: Steps;
  readonly #needed: Set<number>;

  constructor(db: DatabaseSync, info: StreamInfo, groups: readonly (readonly number[])[], steps: Steps) {
    this.#db = db;
    this.#info = info;
    this.#groups = groups;
    this.#steps = steps;
    this.#needed = new Set(groups.flat());
    if (steps.asked && steps.key !== null) this.#needed.add(steps.key);
  }

  /** How many rows match from row `start` to the end of its segment. */
  count(start: number): number {
    const known = this.#known(start);
    return known === 'all' ? this.#end(start) - start : known === 'none' ? 0 : this.matches(start).length;
  }

  /** The matching rows from row `start` to the end of its segment. */
  matches(start: number): number[] {
    const known = this.#known(start);
    if (known === 'none') return [];
    const end = this.#end(start);
    const count = end - start;
    const hits = new Uint16Array(count);
    let needed = 0;
    if (known === 'some') {
      const source = { id: this.#info.stream, sealedRows: this.#info.sealedRows };
      const batch = readRows(this.#db, source, start, end, this.#needed);
      for (const group of this.#groups) {
        needed++;
        markPresent(batch, group, hits, needed);
      }
      if (this.#steps.asked) {
        needed++;
        this.#markSteps(batch, hits, needed);
      }
    }
    const rows: number[] = [];
    for (let i = 0; i < count; i++) if (hits[i] === needed) rows.push(start + i);
    return rows;
  }

  /** What is known of a segment without decoding it. */
  #known(start: number): 'all' | 'none' | 'some' {
    const { key, min, max, asked } = this.#steps;
    if (asked && key === null) return 'none';
    if (this.#needed.size === 0) return 'all';
    const segment = Math.floor(start / SEGMENT_ROWS);
    const rows = Math.min(SEGMENT_ROWS, this.#info.sealedRows - segment * SEGMENT_ROWS);
    if (rows <= 0) return 'some';
    let all = this.#groups.every((group) => group.length === 1);
    for (const needed of this.#needed) {
      const sql = 'select n, low, high from col where id = ?';
      const column = statement(this.#db, sql).get(columnId(needed, segment));
      if (column === undefined) return 'some'; // It may lie in a pack.
      if (column['n'] !== rows) all = false;
      if (!asked || needed !== key) continue;
      const low = column['low'] as number | null;
      const high = column['high'] as number | null;
      if (low === null || high === null || low < min || high > max) all = false;
      if (low !== null && high !== null && (high < min || low > max)) return 'none';
    }
    return all ? 'all' : 'some';
  }

  #markSteps(batch: Batch, hits: Uint16Array, needed: number): void {
    const { key, min, max } = this.#steps;
    const column = batch.numbers.find((each) => each.key === key);
    if (column === undefined) return;
    column.values.forEach((value, i) => {
      const row = column.rows?.[i] ?? i;
      if (value >= min && value <= max && hits[row] === needed - 1) hits[row] = needed;
    });
  }

  #end(start: number): number {
    return Math.min(this.#info.rows, (Math.floor(start / SEGMENT_ROWS) + 1) * SEGMENT_ROWS);
  }
}

/** Counts the rows up that hold one of the keys and have held one of each group before. */
function markPresent(batch: Batch, keys: readonly number[], hits: Uint16Array, needed: number): void {
  const mark = (row: number) => {
    if (hits[row] === needed - 1) hits[row] = needed;
  };
  for (const { rows, key: id, values } of batch.numbers) {
    if (!keys.includes(id)) continue;
    if (rows === null) for (let i = 0; i < values.length; i++) mark(i);
    else rows.forEach(mark);
  }
  for (const { rows, key: id } of batch.rest) if (keys.includes(id)) rows.forEach(mark);
}
