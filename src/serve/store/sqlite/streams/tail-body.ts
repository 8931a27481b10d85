import { type Batch, type NumberColumn, placeValues, type RestColumn } from './batch.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { Patterns } from './presence.ts';

/**
 * A batch as `tail.body` holds it, column after column, so that one key is read without the others:
 *
 *     rows, patterns, { length, rows as gaps } of each pattern
 *     number columns, { key as difference, pattern } of each
 *     rest columns, { key as difference, pattern, length of each text } of each
 *     doubles of each number column, little endian; texts of each rest column
 *
 * All other numbers are varints. Not compressed: rows stay here for seconds, and are packed well when they are sealed.
 */
export function encodeTailBody(batch: Batch): Uint8Array<ArrayBuffer> {
  const patterns = new Patterns();
  const numberPatterns = batch.numbers.map((column) => patterns.of(column.rows));
  const restPatterns = batch.rest.map((column) => patterns.of(column.rows.length === batch.rows ? null : column.rows));
  let size = 16 + patterns.list.reduce((sum, rows) => sum + 4 + rows.length * 2, 0);
  for (const { values } of batch.numbers) size += 8 + values.length * 8;
  for (const { texts, ends } of batch.rest) size += 8 + texts.length + ends.length * 2;

  const writer = new ByteWriter(size);
  writer.varint(batch.rows);
  writer.varint(patterns.list.length);
  for (const rows of patterns.list) {
    writer.varint(rows.length);
    writer.ascending(rows);
  }
  let key = 0;
  writer.varint(batch.numbers.length);
  batch.numbers.forEach((column, i) => {
    writer.signed(column.key - key);
    key = column.key;
    writer.varint(numberPatterns[i] as number);
  });
  writer.varint(batch.rest.length);
  batch.rest.forEach(({ ends, ...column }, i) => {
    writer.signed(column.key - key);
    key = column.key;
    writer.varint(restPatterns[i] as number);
    for (let j = 0, end = 0; j < ends.length; j++) {
      writer.varint((ends[j] as number) - end);
      end = ends[j] as number;
    }
  });
  writer.doubles(together(batch.numbers));
  for (const { texts } of batch.rest) writer.bytes(texts);
  return writer.done();
}

/** Reads a body; with `wanted`, only columns of these keys. */
export function decodeTailBody(bytes: Uint8Array, wanted?: ReadonlySet<number>): Batch {
  const reader = new ByteReader(bytes);
  const rows = reader.varint();
  const patterns: (Uint32Array | null)[] = [null];
  for (let left = reader.varint(); left > 0; left--) patterns.push(reader.ascending(reader.varint()));
  const rowsOf = (pattern: number) => patterns[pattern] ?? null;
  const countOf = (pattern: number) => patterns[pattern]?.length ?? rows;

  let key = 0;
  const numberHeads: { key: number; pattern: number }[] = [];
  for (let left = reader.varint(); left > 0; left--) {
    key += reader.signed();
    numberHeads.push({ key, pattern: reader.varint() });
  }
  const restHeads: { key: number; pattern: number; ends: Uint32Array }[] = [];
  for (let left = reader.varint(); left > 0; left--) {
    key += reader.signed();
    const pattern = reader.varint();
    const ends = new Uint32Array(countOf(pattern));
    for (let i = 0, end = 0; i < ends.length; i++) ends[i] = end += reader.varint();
    restHeads.push({ key, pattern, ends });
  }

  const numbers: NumberColumn[] = [];
  if (wanted === undefined) {
    // One copy for all columns: a body of a row with thousands of keys has as many columns of one value.
    const values = reader.doubles(numberHeads.reduce((sum, { pattern }) => sum + countOf(pattern), 0));
    let at = 0;
    for (const { key: id, pattern } of numberHeads) {
      const end = at + countOf(pattern);
      numbers.push({ key: id, rows: rowsOf(pattern), values: values.subarray(at, end) });
      at = end;
    }
  } else {
    for (const { key: id, pattern } of numberHeads) {
      const count = countOf(pattern);
      if (wanted.has(id)) numbers.push({ key: id, rows: rowsOf(pattern), values: reader.doubles(count) });
      else reader.bytes(count * 8);
    }
  }
  const rest: RestColumn[] = [];
  for (const { key: id, pattern, ends } of restHeads) {
    const texts = reader.bytes(ends.at(-1) ?? 0);
    if (wanted !== undefined && !wanted.has(id)) continue;
    rest.push({ key: id, rows: rowsOf(pattern) ?? Uint32Array.from(ends, (_, i) => i), texts, ends });
  }
  return { rows, numbers, rest };
}

function together(columns: readonly NumberColumn[]): Float64Array {
  const all = new Float64Array(columns.reduce((sum, { values }) => sum + values.length, 0));
  let at = 0;
  for (const { values } of columns) {
    placeValues(all, at, values);
    at += values.length;
  }
  return all;
}
