import type { DatabaseSync } from 'node:sqlite';
import { statement } from '../statements.ts';
import { SEGMENT_ROWS } from './batch.ts';
import { addBatch, KeySum, type KeySums, replaceSum, storedSums } from './key-sum.ts';
import { columnId, placeOf, readSegment } from './sealed-read.ts';

/**
 * Sums the keys up anew over the segments before `end`, after whole ones behind them were cut. Columns carry their sums
 * with them; from the first segment on that holds packs or rests, all is decoded, in order, for `last` is the last one's.
 */
export function recountSums(db: DatabaseSync, stream: number, end: number): void {
  const sql = `select min(segment) as first from (select segment from pack where stream = ?1 and segment < ?2
    union all select segment from rest where stream = ?1 and segment < ?2)`;
  const { first } = statement(db, sql).get(stream, end) as { first: number | null };
  const decoded = first ?? end;
  const sums: KeySums = new Map();
  for (const { id: key } of storedSums(db, stream)) {
    const sum = KeySum.of(sums, key);
    const id = columnId(key, 0);
    const columns = 'select n, last, low, high from col where id >= ? and id < ? order by id';
    for (const row of statement(db, columns).all(id, id + decoded)) sum.add(KeySum.ofColumn(row));
  }
  for (let segment = decoded; segment < end; segment++) {
    addBatch(sums, readSegment(db, placeOf(stream, segment, (segment + 1) * SEGMENT_ROWS)));
  }
  for (const [key, sum] of sums) replaceSum(db, key, sum);
}
