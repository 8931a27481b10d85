import type { DatabaseSync } from 'node:sqlite';
import { constants, zstdCompressSync } from 'node:zlib';
import { statement } from '../statements.ts';
import { type Batch, type NumberColumn, type RestColumn } from './batch.ts';
import { ByteWriter } from './byte-writer.ts';
import { encodeColumn } from './column-codec.ts';
import { KeySum, type KeySums, storeLast } from './key-sum.ts';
import { Patterns } from './presence.ts';
import { columnId } from './sealed-read.ts';

/** Columns with fewer values than this share a pack. */
const OWN_VALUES = 512;
const PACK_VALUES = 65_536;
const PACK_KEYS = 512;
const REST_PART_BYTES = 1 << 20;

/**
 * Writes one segment's columns, packs and rest, piece by piece: each `next()` of `write` does a few milliseconds of work at
 * most. What it writes counts only once `stream.sealed_rows` covers the segment.
 */
export class SegmentWriter {
  readonly #db: DatabaseSync;
  readonly #stream: number;
  readonly #segment: number;
  readonly #patterns = new Patterns();
  #patternsWritten = 0;
  #packs = 0;
  /** What was written, summed up by key. */
  readonly sums: KeySums = new Map();

  constructor(db: DatabaseSync, stream: number, segment: number) {
    this.#db = db;
    this.#stream = stream;
    this.#segment = segment;
  }

  /** Writes the columns of a batch that holds all rows of the segment and some of its keys. */
  *write(batch: Batch): Generator<void, void> {
    const short: NumberColumn[] = [];
    for (const column of batch.numbers) {
      KeySum.of(this.sums, column.key).addNumbers(column.values);
      if (column.values.length < OWN_VALUES) {
        short.push(column);
      } else {
        this.#writeColumn(column);
        yield;
      }
    }
    for (const pack of packsOf(short)) {
      this.#writePack(pack);
      yield;
    }
    for (const column of batch.rest) {
      KeySum.of(this.sums, column.key).addTexts(column);
      yield* this.#writeRest(column);
    }
  }

  #writeColumn({ key, rows, values }: NumberColumn): void {
    const { last, low, high } = KeySum.ofNumbers(values);
    const sql = 'insert into col (id, n, pattern, last, low, high, body) values (?, ?, ?, ?, ?, ?, ?)';
    const id = columnId(key, this.#segment);
    statement(this.#db, sql).run(
      id,
      values.length,
      this.#pattern(rows),
      storeLast(last),
      low,
      high,
      encodeColumn(values),
    );
  }

  #writePack(columns: readonly NumberColumn[]): void {
    const directory = new ByteWriter(columns.length * 6);
    const values = new Float64Array(columns.reduce((sum, column) => sum + column.values.length, 0));
    let previous = 0;
    let at = 0;
    for (const column of columns) {
      directory.signed(column.key - previous);
      previous = column.key;
      directory.varint(this.#pattern(column.rows));
      directory.varint(column.values.length);
      values.set(column.values, at);
      at += column.values.length;
    }
    const sql = 'insert into pack (stream, segment, id, directory, body) values (?, ?, ?, ?, ?)';
    statement(this.#db, sql).run(this.#stream, this.#segment, this.#packs++, directory.done(), encodeColumn(values));
  }

  *#writeRest({ key, rows, texts, ends }: RestColumn): Generator<void, void> {
    let part = 0;
    for (let from = 0; from < rows.length;) {
      const begin = from === 0 ? 0 : (ends[from - 1] as number);
      let to = from + 1;
      while (to < rows.length && (ends[to] as number) - begin <= REST_PART_BYTES) to++;
      const writer = new ByteWriter((ends[to - 1] as number) - begin + (to - from) * 4);
      writer.ascending(rows.subarray(from, to));
      for (let i = from, end = begin; i < to; i++) {
        writer.varint((ends[i] as number) - end);
        end = ends[i] as number;
      }
      writer.bytes(texts.subarray(begin, ends[to - 1]));
      const body = new ByteWriter();
      body.varint(to - from);
      body.bytes(zstdCompressSync(writer.done(), { params: { [constants.ZSTD_c_compressionLevel]: 1 } }));
      const sql = 'insert into rest (stream, segment, key, part, body) values (?, ?, ?, ?, ?)';
      statement(this.#db, sql).run(this.#stream, this.#segment, key, part++, body.done());
      from = to;
      yield;
    }
  }

  #pattern(rows: Uint32Array | null): number {
    const id = this.#patterns.of(rows);
    if (id > this.#patternsWritten && rows !== null) {
      const writer = new ByteWriter(rows.length * 2);
      writer.ascending(rows);
      const sql = 'insert into pattern (stream, segment, id, n, body) values (?, ?, ?, ?, ?)';
      statement(this.#db, sql).run(this.#stream, this.#segment, id, rows.length, writer.done());
      this.#patternsWritten = id;
    }
    return id;
  }
}

/** Short columns in groups of like values, which compress well together. */
function* packsOf(columns: readonly NumberColumn[]): Generator<NumberColumn[], void> {
  const classed = columns.map((column) => ({ column, kind: likeness(column.values) }));
  classed.sort((a, b) => a.kind - b.kind || a.column.key - b.column.key);
  let pack: NumberColumn[] = [];
  let values = 0;
  let previous = -1;
  for (const { column, kind } of classed) {
    const full = values + column.values.length > PACK_VALUES || pack.length >= PACK_KEYS;
    // A few columns do not deserve packs of their own kind.
    if (full || (kind !== previous && pack.length >= 64)) {
      yield pack;
      pack = [];
      values = 0;
    }
    previous = kind;
    pack.push(column);
    values += column.values.length;
  }
  if (pack.length > 0) yield pack;
}

/** 0 for integers, 1 for numbers of few decimals, 2 for singles, 3 for the rest. */
function likeness(values: Float64Array): number {
  if (values.every((value) => Number.isInteger(value))) return 0;
  if (values.every((value) => Math.round(value * 1e6) / 1e6 === value)) return 1;
  return values.every((value) => Math.fround(value) === value) ? 2 : 3;
}

/** Removes what is written of the segments `from` to `to` (exclusive). */
export function deleteSegments(db: DatabaseSync, stream: number, from: number, to: number): void {
  for (const key of statement(db, 'select id from key where stream = ?').all(stream)) {
    const id = columnId(key['id'] as number, 0);
    statement(db, 'delete from col where id >= ? and id < ?').run(id + from, id + to);
  }
  for (const table of ['pattern', 'pack', 'rest']) {
    const sql = `delete from ${table} where stream = ? and segment >= ? and segment < ?`;
    statement(db, sql).run(stream, from, to);
  }
}
