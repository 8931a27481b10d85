import type { DatabaseSync } from 'node:sqlite';
import { statement } from '../statements.ts';
import { type Batch, SEGMENT_ROWS, sliceBatch } from './batch.ts';
import type { StreamState } from './stream-state.ts';
import { encodeTailBody } from './tail-body.ts';

/** Where the rows of a piece come from: lines of one writer, one after the other. */
export interface Origin {
  readonly writer: number;
  readonly line0: number;
}

/** A record of the tail without its body. */
export interface TailPiece extends Origin {
  readonly seq: number;
  readonly row0: number;
  readonly n: number;
}

/** Puts rows behind the last one. No record reaches over the edge of a segment, so sealing takes whole records. */
export function pushTail(db: DatabaseSync, state: StreamState, origin: Origin, batch: Batch): void {
  for (let from = 0; from < batch.rows;) {
    const room = SEGMENT_ROWS - (state.rows % SEGMENT_ROWS);
    const to = Math.min(batch.rows, from + room);
    const body = encodeTailBody(sliceBatch(batch, from, to));
    pushRecord(db, state, { writer: origin.writer, line0: origin.line0 + from }, to - from, body);
    from = to;
  }
}

/** Puts one encoded record, which must fit into the last segment, behind the last row. */
export function pushRecord(db: DatabaseSync, state: StreamState, origin: Origin, n: number, body: Uint8Array): void {
  state.version++;
  const sql = 'insert into tail (stream, seq, row0, n, writer, line0, body) values (?, ?, ?, ?, ?, ?, ?)';
  statement(db, sql).run(state.id, state.version, state.rows, n, origin.writer, origin.line0, body);
  state.rows += n;
}

/** The records of the tail that hold rows from `fromRow` on, below `toRow`, in order. */
export function tailPieces(
  db: DatabaseSync,
  stream: number,
  fromRow = 0,
  toRow = Number.MAX_SAFE_INTEGER,
): TailPiece[] {
  const sql = `select seq, row0, n, writer, line0 from tail
    where stream = ? and row0 + n > ? and row0 < ? order by seq`;
  return statement(db, sql).all(stream, fromRow, toRow) as unknown as TailPiece[];
}

export function tailBody(db: DatabaseSync, stream: number, seq: number): Uint8Array {
  const row = statement(db, 'select body from tail where stream = ? and seq = ?').get(stream, seq);
  if (row === undefined) throw new Error(`record ${seq} of stream ${stream} is missing`);
  return row['body'] as Uint8Array;
}
