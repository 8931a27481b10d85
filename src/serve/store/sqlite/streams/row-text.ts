import type { DatabaseSync } from 'node:sqlite';
import type { LooseJson } from '../../../../core/model/run.ts';
import { statement } from '../statements.ts';
import type { AskedKey } from './asked-keys.ts';
import { type Batch, firstAtLeast, type NumberColumn, type RestColumn } from './batch.ts';

const decoder = new TextDecoder();

/** Keys as a tree of names: leaves have an id. */
interface Branch {
  readonly children: Map<string, { key: number | null; branch: Branch | null }>;
}

/** Writes rows as JSON text again, nested keys as nested objects. */
export class RowPrinter {
  readonly #root: Branch = { children: new Map() };

  /** For these keys, under the names that they were asked for by; all keys of the stream when none are named. */
  constructor(db: DatabaseSync, stream: number, asked: readonly AskedKey[] | null) {
    for (const { name, leaves } of asked ?? []) for (const { id, path } of leaves) this.#add([name, ...path], id);
    if (asked !== null) return;
    for (const row of statement(db, 'select id, path from key where stream = ?').all(stream)) {
      this.#add(JSON.parse(row['path'] as string) as string[], row['id'] as number);
    }
  }

  #add(path: readonly string[], id: number): void {
    let { children } = this.#root;
    path.forEach((part, depth) => {
      const name = JSON.stringify(part);
      let node = children.get(name);
      if (node === undefined) children.set(name, (node = { key: null, branch: null }));
      if (depth === path.length - 1) node.key = id;
      else ({ children } = node.branch ??= { children: new Map() });
    });
  }

  /** The rows at these offsets of the batch, ascending. */
  print(batch: Batch, offsets: Iterable<number>): LooseJson[] {
    const cells = new Map<number, Cell>();
    for (const column of batch.numbers) cells.set(column.key, new Cell(column));
    for (const column of batch.rest) {
      const cell = cells.get(column.key) ?? new Cell(null);
      cell.rest = column;
      cells.set(column.key, cell);
    }
    return Array.from(offsets, (row) => (printBranch(this.#root, cells, row) ?? '{}') as LooseJson);
  }
}

function printBranch(branch: Branch, cells: ReadonlyMap<number, Cell>, row: number): string | null {
  let text = '';
  for (const [name, node] of branch.children) {
    const value =
      (node.key === null ? null : cells.get(node.key)?.text(row)) ??
      (node.branch === null ? null : printBranch(node.branch, cells, row));
    if (value !== null) text += `${text === '' ? '' : ','}${name}:${value}`;
  }
  return text === '' ? null : `{${text}}`;
}

/** The column of one key: what stands in a row is its text, else its number. */
class Cell {
  readonly #numbers: NumberColumn | null;
  rest: RestColumn | null = null;

  constructor(numbers: NumberColumn | null) {
    this.#numbers = numbers;
  }

  text(row: number): string | null {
    return this.#restText(row) ?? this.#numberText(row);
  }

  #restText(row: number): string | null {
    if (this.rest === null) return null;
    const { rows, texts, ends } = this.rest;
    const i = firstAtLeast(rows, row);
    if (rows[i] !== row) return null;
    return decoder.decode(texts.subarray(i === 0 ? 0 : ends[i - 1], ends[i]));
  }

  #numberText(row: number): string | null {
    if (this.#numbers === null) return null;
    const { rows, values } = this.#numbers;
    const i = rows === null ? row : firstAtLeast(rows, row);
    if (rows !== null && rows[i] !== row) return null;
    const value = values[i] as number;
    if (Object.is(value, -0)) return '-0';
    // With an exponent, a double beyond 2^53 is not taken for an integer of exactly these digits.
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);
  }
}
