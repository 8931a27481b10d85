import { type Batch, firstAtLeast, type NumberColumn, type RestColumn } from './batch.ts';
import { isSameText, textOf } from './batch-difference.ts';

/** A row that was sent, and the number of a row that is there. */
export interface RowPair {
  readonly sent: number;
  readonly there: number;
}

/**
 * Finds which pairs of rows are equal by value in every key. The rows that are there are given column by column, so that
 * they need not be in memory together.
 */
export class RowComparison {
  readonly #pairs: readonly RowPair[];
  readonly #sent: SentRows;
  /** The first pair of each row that is there. */
  readonly #first: Uint32Array;
  /** For each pair, values of the sent row without an equal one; below 0 once it is known to differ. */
  readonly #missing: Int32Array;

  /** `pairs` by `there`; the columns to come are of rows `row0` to `row0 + rows`. */
  constructor(sent: SentRows, pairs: readonly RowPair[], row0: number, rows: number) {
    this.#pairs = pairs;
    this.#sent = sent;
    this.#first = new Uint32Array(rows + 1).fill(pairs.length);
    for (let i = pairs.length - 1, row = rows; row >= 0; row--) {
      while (i >= 0 && (pairs[i] as RowPair).there - row0 >= row) i--;
      this.#first[row] = i + 1;
    }
    this.#missing = Int32Array.from(pairs, (pair) => sent.counts[pair.sent] as number);
  }

  numbers({ key, rows, values }: NumberColumn): void {
    const sent = this.#sent.numbers.get(key);
    this.#each(sent, rows, values.length, (mine, other) => Object.is(sent?.values[mine], values[other]));
  }

  rest(column: RestColumn): void {
    const sent = this.#sent.rest.get(column.key);
    this.#each(sent, column.rows, column.rows.length, (mine, other) => {
      return sent !== undefined && isSameText(textOf(sent, mine), textOf(column, other));
    });
  }

  /** Asked when all columns have been given: the sent rows that equal the row they are paired with. */
  equal(): number[] {
    return this.#pairs.filter((_, i) => this.#missing[i] === 0).map(({ sent }) => sent);
  }

  #each(
    sent: { readonly rows: Uint32Array | null } | undefined,
    rows: Uint32Array | null,
    count: number,
    isEqual: (mine: number, other: number) => boolean,
  ): void {
    for (let other = 0; other < count; other++) {
      const row = rows?.[other] ?? other;
      const end = this.#first[row + 1] as number;
      for (let i = this.#first[row] as number; i < end; i++) {
        const missing = this.#missing[i] as number;
        if (missing < 0) continue;
        const mine = sent === undefined ? -1 : indexOf(sent.rows, (this.#pairs[i] as RowPair).sent);
        this.#missing[i] = mine >= 0 && isEqual(mine, other) ? missing - 1 : -1;
      }
    }
  }
}

/** The columns of what was sent by key, and how many values each row has. */
export class SentRows {
  readonly numbers: ReadonlyMap<number, NumberColumn>;
  readonly rest: ReadonlyMap<number, RestColumn>;
  readonly counts: Uint32Array;

  constructor({ rows, numbers, rest }: Batch) {
    this.numbers = new Map(numbers.map((column) => [column.key, column]));
    this.rest = new Map(rest.map((column) => [column.key, column]));
    this.counts = new Uint32Array(rows);
    const count = (row: number) => (this.counts[row] = (this.counts[row] as number) + 1);
    for (const column of numbers) for (let i = 0; i < column.values.length; i++) count(column.rows?.[i] ?? i);
    for (const column of rest) column.rows.forEach(count);
  }
}

/** Where a column holds a row, or -1. */
function indexOf(rows: Uint32Array | null, row: number): number {
  if (rows === null) return row;
  const i = firstAtLeast(rows, row);
  return rows[i] === row ? i : -1;
}
