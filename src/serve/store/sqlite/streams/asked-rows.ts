import { firstAtLeast, type NumberColumn } from './batch.ts';
import type { RowPair } from './row-comparison.ts';

/** Numbers of one key, and the rows that hold them; null when all do. */
interface Column {
  readonly rows: ArrayLike<number> | null;
  readonly values: Float64Array;
}

/** Rows that were sent, by their time and step; and for each such pair the last row that is there with it. */
export class AskedRows {
  readonly #needsStep: boolean;
  readonly #byTime = new Map<number, Map<number, { readonly sent: number[]; there: number }>>();
  low = Infinity;
  high = -Infinity;

  constructor(needsStep: boolean) {
    this.#needsStep = needsStep;
  }

  get isEmpty(): boolean {
    return this.#byTime.size === 0;
  }

  add(time: NumberColumn, step: NumberColumn | null, from: number, to: number): void {
    for (let row = from; row < to; row++) {
      const at = valueAt(time, row);
      const number = this.#stepAt(step, row);
      if (at === null || number === null) continue;
      const bySteps = this.#byTime.get(at) ?? new Map<number, { sent: number[]; there: number }>();
      const found = bySteps.get(number);
      if (found === undefined) bySteps.set(number, { sent: [row], there: -1 });
      else found.sent.push(row);
      this.#byTime.set(at, bySteps);
      this.low = Math.min(this.low, at);
      this.high = Math.max(this.high, at);
    }
  }

  /** Looks for them in rows that are there; `row0` is the number of the columns' row 0. To be called in row order. */
  find(time: Column, step: () => Column | null, row0: number): void {
    let steps: Column | null | undefined;
    time.values.forEach((at, i) => {
      const bySteps = this.#byTime.get(at);
      if (bySteps === undefined) return;
      if (steps === undefined) steps = this.#needsStep ? step() : null;
      const row = time.rows?.[i] ?? i;
      const number = this.#stepAt(steps, row);
      const asked = number === null ? undefined : bySteps.get(number);
      if (asked !== undefined) asked.there = row0 + row;
    });
  }

  /** By the row that is there. */
  pairs(): RowPair[] {
    const pairs: RowPair[] = [];
    for (const bySteps of this.#byTime.values()) {
      for (const { sent, there } of bySteps.values()) {
        if (there >= 0) for (const row of sent) pairs.push({ sent: row, there });
      }
    }
    return pairs.sort((a, b) => a.there - b.there);
  }

  /** Without need of a step all rows have the same. */
  #stepAt(step: Column | null, row: number): number | null {
    return this.#needsStep ? valueAt(step, row) : 0;
  }
}

/** The finite number that a row holds, or null. */
function valueAt(column: Column | null, row: number): number | null {
  if (column === null) return null;
  const i = column.rows === null ? row : firstAtLeast(column.rows, row);
  if (column.rows !== null && column.rows[i] !== row) return null;
  const value = column.values[i];
  return value !== undefined && Number.isFinite(value) ? value : null;
}
