import type { DatabaseSync } from 'node:sqlite';
import { statement } from '../statements.ts';
import type { Batch, RestColumn } from './batch.ts';

/** What `keys()` tells of one key, over some of the rows. */
export class KeySum {
  numbers = 0;
  last: number | null = null;
  low: number | null = null;
  high: number | null = null;
  strings = 0;
  booleans = 0;
  nulls = 0;
  lists = 0;
  objects = 0;

  /** The sum of a key in the collection, made if it is missing. */
  static of(sums: KeySums, key: number): KeySum {
    let sum = sums.get(key);
    if (sum === undefined) {
      sum = new KeySum();
      sums.set(key, sum);
    }
    return sum;
  }

  static ofNumbers(values: Float64Array): KeySum {
    const sum = new KeySum();
    sum.addNumbers(values);
    return sum;
  }

  /** From a row of `col`. */
  static ofColumn(row: Readonly<Record<string, unknown>>): KeySum {
    const sum = new KeySum();
    sum.#add(row['n'] as number, loadLast(row['last']), row['low'] as number | null, row['high'] as number | null);
    return sum;
  }

  /** Adds numbers of later rows. */
  addNumbers(values: Float64Array): void {
    if (values.length === 0) return;
    let low = Infinity;
    let high = -Infinity;
    for (const value of values) {
      // A NaN compares false, infinities are sorted out below by the difference with themselves.
      if (value < low && value - value === 0) low = value;
      if (value > high && value - value === 0) high = value;
    }
    this.#add(values.length, values.at(-1) ?? null, low === Infinity ? null : low, high === -Infinity ? null : high);
  }

  addTexts({ texts, ends }: RestColumn): void {
    for (let i = 0, begin = 0; i < ends.length; i++) {
      switch (texts[begin]) {
        case 0x22:
          this.strings++;
          break;
        case 0x74:
        case 0x66:
          this.booleans++;
          break;
        case 0x6e:
          this.nulls++;
          break;
        case 0x5b:
          this.lists++;
          break;
        case 0x7b:
          this.objects++;
          break;
        default: // The digits of an integer, which is counted among the numbers.
      }
      begin = ends[i] as number;
    }
  }

  /** Adds the sum of later rows. */
  add(later: KeySum): void {
    if (later.numbers > 0) this.#add(later.numbers, later.last, later.low, later.high);
    this.strings += later.strings;
    this.booleans += later.booleans;
    this.nulls += later.nulls;
    this.lists += later.lists;
    this.objects += later.objects;
  }

  #add(count: number, last: number | null, low: number | null, high: number | null): void {
    this.numbers += count;
    // SQLite does not keep the sign of a zero in a real: sums have none (-0 + 0 is 0).
    this.last = last === null ? null : last + 0;
    if (low !== null && (this.low === null || low < this.low)) this.low = low + 0;
    if (high !== null && (this.high === null || high > this.high)) this.high = high + 0;
  }
}

export type KeySums = Map<number, KeySum>;

export function addBatch(sums: KeySums, batch: Batch): void {
  for (const { key, values } of batch.numbers) KeySum.of(sums, key).addNumbers(values);
  for (const column of batch.rest) KeySum.of(sums, column.key).addTexts(column);
}

const COLUMNS = 'numbers, last, low, high, strings, booleans, nulls, lists, objects';

/** Keys of a stream by id, with what their rows show says of the whole segments. */
export function storedSums(db: DatabaseSync, stream: number): { id: number; path: string; sum: KeySum }[] {
  const rows = statement(db, `select id, path, ${COLUMNS} from key where stream = ? order by id`).all(stream);
  return rows.map(({ id, path, ...sum }) => ({
    id: id as number,
    path: path as string,
    sum: Object.assign(new KeySum(), sum, { last: loadLast(sum['last']) }),
  }));
}

/** Adds a sealed whole segment to what the keys' rows say. */
export function storeSums(db: DatabaseSync, sums: KeySums): void {
  const read = statement(db, `select ${COLUMNS} from key where id = ?`);
  for (const [key, later] of sums) {
    const row = read.get(key);
    const sum = Object.assign(new KeySum(), row, { last: loadLast(row?.['last']) });
    sum.add(later);
    replaceSum(db, key, sum);
  }
}

export function replaceSum(db: DatabaseSync, key: number, sum: KeySum): void {
  const sql = `update key set numbers = ?, last = ?, low = ?, high = ?,
    strings = ?, booleans = ?, nulls = ?, lists = ?, objects = ? where id = ?`;
  const { numbers, last, low, high, strings, booleans, nulls, lists, objects } = sum;
  statement(db, sql).run(numbers, storeLast(last), low, high, strings, booleans, nulls, lists, objects, key);
}

/** SQLite has no NaN: it is kept as text. */
export function storeLast(last: number | null): number | string | null {
  return Number.isNaN(last) ? 'NaN' : last;
}

function loadLast(stored: unknown): number | null {
  return stored === null || stored === undefined ? null : Number(stored);
}
