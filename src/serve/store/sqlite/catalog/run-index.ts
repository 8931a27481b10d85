import type { DatabaseSync } from 'node:sqlite';
import { must } from '../../../../core/base/assert.ts';
import type { Cell } from '../../../../core/query/filter-cell.ts';
import { printRunField, type RunField } from '../../../../core/query/run-field.ts';
import { statement } from '../statements.ts';
import { readCells } from './run-cells.ts';
import { RunChanges } from './run-changes.ts';

/** One field of all runs of a project, a cell per slot. */
interface Column {
  readonly field: RunField;
  readonly cells: Cell[];
  /** About how much memory it takes. */
  bytes: number;
  usedAt: number;
}

/**
 * The fields by which people filter and order the runs of one project, in the memory of a reading thread: a column per
 * field, a slot per run. Columns are read when they are first asked for; from then on `refresh` reads only runs that have
 * changed. What it holds is always that of the snapshot in which `refresh` was last called.
 */
export class RunIndex {
  readonly #project: number;
  readonly #changes: RunChanges;
  readonly #columns = new Map<string, Column>();
  #keys: number[] = [];
  #slots = new Map<number, number>();

  constructor(project: number) {
    this.#project = project;
    this.#changes = new RunChanges(project);
  }

  /** The run in each slot. */
  get keys(): readonly number[] {
    return this.#keys;
  }

  get columns(): readonly Column[] {
    return [...this.#columns.values()];
  }

  /** The cells of a field, by slot. The field must have been loaded. */
  cells(field: RunField): readonly Cell[] {
    return must(this.#columns.get(printRunField(field)), 'a column of the run index').cells;
  }

  /** Brings the index to the snapshot that `db` reads, with these fields. `tick` tells which columns were used last. */
  load(db: DatabaseSync, fields: readonly RunField[], tick: number): void {
    this.#refresh(db);
    const missing = new Map<string, RunField>();
    for (const field of fields) {
      const name = printRunField(field);
      const column = this.#columns.get(name);
      if (column === undefined) missing.set(name, field);
      else column.usedAt = tick;
    }
    if (missing.size === 0) return;
    const columns = [...missing].map(([name, field]) => {
      const column: Column = {
        field,
        cells: Array.from<Cell>({ length: this.#keys.length }),
        bytes: 8 * this.#keys.length,
        usedAt: tick,
      };
      this.#columns.set(name, column);
      return column;
    });
    readCells(db, { project: this.#project }, [...missing.values()], ({ key }, cells) => {
      this.#set(columns, must(this.#slots.get(key)), cells);
    });
  }

  drop(column: Column): void {
    this.#columns.delete(printRunField(column.field));
  }

  #refresh(db: DatabaseSync): void {
    const changes = this.#changes.next(db);
    if (changes === null) return this.#begin(db);
    for (const key of changes.gone) this.#remove(key);
    for (const key of changes.changed) this.#add(key);
    const texts = this.columns.filter(({ field }) => isText(field));
    const others = this.columns.filter(({ field }) => !isText(field));
    this.#read(db, changes.changed, others);
    this.#read(db, changes.rewritten, texts);
  }

  /** Starts anew, without columns. */
  #begin(db: DatabaseSync): void {
    this.#columns.clear();
    const runs = statement(db, 'select key from run where project = ?').all(this.#project);
    this.#keys = runs.map((row) => row['key'] as number);
    this.#slots = new Map(this.#keys.map((key, slot) => [key, slot]));
  }

  #read(db: DatabaseSync, keys: readonly number[], columns: readonly Column[]): void {
    if (keys.length === 0 || columns.length === 0) return;
    const fields = columns.map(({ field }) => field);
    readCells(db, { keys }, fields, ({ key }, cells) => this.#set(columns, must(this.#slots.get(key)), cells));
  }

  #add(key: number): void {
    if (this.#slots.has(key)) return;
    this.#slots.set(key, this.#keys.length);
    this.#keys.push(key);
    for (const column of this.#columns.values()) {
      column.cells.push(undefined);
      column.bytes += bytesOf(undefined);
    }
  }

  /** The last slot moves into the hole. */
  #remove(key: number): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    this.#slots.delete(key);
    const moved = must(this.#keys.pop());
    for (const column of this.#columns.values()) {
      column.bytes -= bytesOf(column.cells[slot]);
      const cell = column.cells.pop();
      if (moved !== key) column.cells[slot] = cell;
    }
    if (moved === key) return;
    this.#keys[slot] = moved;
    this.#slots.set(moved, slot);
  }

  #set(columns: readonly Column[], slot: number, cells: readonly Cell[]): void {
    for (const [i, column] of columns.entries()) {
      column.bytes += bytesOf(cells[i]) - bytesOf(column.cells[slot]);
      column.cells[slot] = cells[i];
    }
  }
}

function isText(field: RunField): boolean {
  return field.of === 'config' || (field.of === 'run' && field.name === 'notes');
}

function bytesOf(cell: Cell): number {
  if (typeof cell === 'string') return 24 + cell.length;
  if (Array.isArray(cell)) return 24 + 24 * cell.length;
  return typeof cell === 'number' ? 16 : 8;
}
