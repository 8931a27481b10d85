import type { DatabaseSync } from 'node:sqlite';
import { statement } from '../statements.ts';
import type { NumberColumn } from './batch.ts';
import { firstAtLeast } from './batch.ts';
import { decodeTailBody } from './tail-body.ts';

/** Numbers of one key in the rows that are not sealed: absolute row numbers, ascending. */
export interface TailColumn {
  readonly rows: Float64Array;
  readonly values: Float64Array;
}

/** What one connection remembers of tails. */
const REMEMBERED_BYTES = 16 << 20;

/**
 * The unsealed numbers of some keys of a stream; keys without any are left out. What was decoded before is remembered, so
 * that a chart of a run that is being written costs what is new since the last time. Good until the next call.
 */
export function readTailColumns(db: DatabaseSync, stream: number, keys: readonly number[]): Map<number, TailColumn> {
  const row = statement(db, 'select run, sealed_rows, epoch from stream where id = ?').get(stream);
  const found = new Map<number, TailColumn>();
  if (row === undefined) return found;
  const remembered = rememberedTails(db);
  // The number of a deleted stream may be used again; that of a run never is.
  const epoch = `${row['run'] as number} ${row['epoch'] as number}`;
  let tail = remembered.get(stream);
  remembered.delete(stream);
  if (tail === undefined || tail.epoch !== epoch) tail = new RememberedTail(epoch);
  tail.update(db, stream, keys);
  for (const key of keys) {
    const column = tail.column(key, row['sealed_rows'] as number);
    if (column !== null) found.set(key, column);
  }
  remembered.set(stream, tail); // Behind the others: the first is the one that was asked for longest ago.
  forgetOldest(remembered);
  return found;
}

/** Drops what is remembered of a stream: a writer that rolls back takes records away that it has read. */
export function forgetTail(db: DatabaseSync, stream: number): void {
  rememberedTails(db).delete(stream);
}

const tails = new WeakMap<DatabaseSync, Map<number, RememberedTail>>();

function rememberedTails(db: DatabaseSync): Map<number, RememberedTail> {
  let remembered = tails.get(db);
  if (remembered === undefined) {
    remembered = new Map();
    tails.set(db, remembered);
  }
  return remembered;
}

function forgetOldest(remembered: Map<number, RememberedTail>): void {
  let bytes = 0;
  for (const tail of remembered.values()) bytes += tail.bytes;
  for (const [stream, tail] of remembered) {
    if (bytes <= REMEMBERED_BYTES) return;
    bytes -= tail.bytes;
    remembered.delete(stream);
  }
}

/** Columns of one stream's tail, as far as they were asked for. */
class RememberedTail {
  readonly epoch: string;
  readonly #columns = new Map<number, GrowingColumn>();
  #seq = 0;

  constructor(epoch: string) {
    this.epoch = epoch;
  }

  get bytes(): number {
    let bytes = 200;
    for (const column of this.#columns.values()) bytes += column.bytes;
    return bytes;
  }

  update(db: DatabaseSync, stream: number, keys: readonly number[]): void {
    const missing = keys.filter((key) => !this.#columns.has(key));
    for (const key of missing) this.#columns.set(key, new GrowingColumn());
    if (missing.length > 0) this.#read(db, stream, new Set(missing), 0, this.#seq);
    this.#seq = this.#read(db, stream, new Set(this.#columns.keys()), this.#seq, Number.MAX_SAFE_INTEGER);
  }

  column(key: number, sealedRows: number): TailColumn | null {
    return this.#columns.get(key)?.from(sealedRows) ?? null;
  }

  /** Reads the records behind `from` up to `to`; returns the number of the last one. */
  #read(db: DatabaseSync, stream: number, keys: ReadonlySet<number>, from: number, to: number): number {
    const sql = 'select seq, row0, body from tail where stream = ? and seq > ? and seq <= ? order by seq';
    let last = from;
    for (const record of statement(db, sql).iterate(stream, from, to)) {
      for (const column of decodeTailBody(record['body'] as Uint8Array, keys).numbers) {
        this.#columns.get(column.key)?.push(record['row0'] as number, column);
      }
      last = record['seq'] as number;
    }
    return last;
  }
}

class GrowingColumn {
  #rows = new Float64Array(64);
  #values = new Float64Array(64);
  #start = 0;
  #end = 0;

  get bytes(): number {
    return this.#rows.byteLength * 2 + 100;
  }

  push(row0: number, { rows, values }: NumberColumn): void {
    this.#room(values.length);
    this.#values.set(values, this.#end);
    for (let i = 0; i < values.length; i++) this.#rows[this.#end + i] = row0 + (rows?.[i] ?? i);
    this.#end += values.length;
  }

  /** What lies from this row on; the rest is let go. */
  from(row: number): TailColumn | null {
    this.#start += firstAtLeast(this.#rows.subarray(this.#start, this.#end), row);
    if (this.#start === this.#end) return null;
    return { rows: this.#rows.subarray(this.#start, this.#end), values: this.#values.subarray(this.#start, this.#end) };
  }

  #room(count: number): void {
    if (this.#end + count <= this.#rows.length) return;
    const used = this.#end - this.#start;
    const capacity = Math.max(64, (used + count) * 2);
    this.#rows = moved(this.#rows, this.#start, this.#end, capacity);
    this.#values = moved(this.#values, this.#start, this.#end, capacity);
    this.#start = 0;
    this.#end = used;
  }
}

function moved(from: Float64Array, start: number, end: number, capacity: number): Float64Array<ArrayBuffer> {
  const to = new Float64Array(capacity);
  to.set(from.subarray(start, end));
  return to;
}
