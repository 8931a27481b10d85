import { isDeepStrictEqual } from 'node:util';
import { parseLooseJson } from '../../../../core/query/loose-json.ts';
import type { Batch, RestColumn } from './batch.ts';

const decoder = new TextDecoder();

/** The first row at which two batches of equally many rows differ by value; -1 when none does. */
export function firstDifference(a: Batch, b: Batch): number {
  let first = a.rows;
  const differs = (row: number) => {
    if (row < first) first = row;
  };
  compareNumbers(a, b, differs);
  compareRest(a, b, differs);
  return first === a.rows ? -1 : first;
}

function compareNumbers(a: Batch, b: Batch, differs: (row: number) => void): void {
  const others = new Map(b.numbers.map((column) => [column.key, column]));
  for (const mine of a.numbers) {
    const other = others.get(mine.key);
    others.delete(mine.key);
    const rowAt = (rows: Uint32Array | null | undefined, i: number) => rows?.[i] ?? i;
    const length = Math.max(mine.values.length, other?.values.length ?? 0);
    for (let i = 0; i < length; i++) {
      const mineRow = i < mine.values.length ? rowAt(mine.rows, i) : Infinity;
      const otherRow = other !== undefined && i < other.values.length ? rowAt(other.rows, i) : Infinity;
      if (mineRow === otherRow && Object.is(mine.values[i], other?.values[i])) continue;
      differs(Math.min(mineRow, otherRow));
      break;
    }
  }
  for (const { rows } of others.values()) differs(rows?.[0] ?? 0);
}

function compareRest(a: Batch, b: Batch, differs: (row: number) => void): void {
  const others = new Map(b.rest.map((column) => [column.key, column]));
  for (const mine of a.rest) {
    const other = others.get(mine.key);
    others.delete(mine.key);
    const length = Math.max(mine.rows.length, other?.rows.length ?? 0);
    for (let i = 0; i < length; i++) {
      const mineRow = mine.rows[i] ?? Infinity;
      const otherRow = other?.rows[i] ?? Infinity;
      if (mineRow === otherRow && other !== undefined && isSameText(textOf(mine, i), textOf(other, i))) continue;
      differs(Math.min(mineRow, otherRow));
      break;
    }
  }
  for (const { rows } of others.values()) differs(rows[0] ?? 0);
}

/** Text i of a column. */
export function textOf({ texts, ends }: RestColumn, i: number): string {
  return decoder.decode(texts.subarray(i === 0 ? 0 : ends[i - 1], ends[i]));
}

/** The same text, or another way to write the same value. */
export function isSameText(a: string, b: string): boolean {
  return a === b || isDeepStrictEqual(parseLooseJson(a), parseLooseJson(b));
}
