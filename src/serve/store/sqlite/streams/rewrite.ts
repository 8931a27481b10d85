import type { DatabaseSync } from 'node:sqlite';
import type { WriteContext } from '../operations.ts';
import { statement } from '../statements.ts';
import { type Batch, SEGMENT_ROWS, sliceBatch } from './batch.ts';
import { recountSums } from './key-recount.ts';
import { cutPyramid } from './pyramid.ts';
import { readRows } from './row-reader.ts';
import { placeOf, readSegment } from './sealed-read.ts';
import { deleteSegments } from './sealed-write.ts';
import { cutSpans, nextLine, type Span, spansOfRows } from './span.ts';
import type { StreamState } from './stream-state.ts';
import { pushTail, tailPieces } from './tail.ts';

/** Which rows of a piece stay: all, none, or those for which the answer is not 0. */
export type Keep = 'all' | 'none' | Uint8Array;

/** Asked for each piece of rows of one writer. `read` gives the piece with one key. */
export type Keeper = (piece: Span, read: (key: number) => Batch) => Keep;

/**
 * Moves the rows of the last, partial segment back to the tail, because the stream goes on. Nothing but their place
 * changes.
 */
export function reopenLast(db: DatabaseSync, state: StreamState): void {
  const segment = Math.floor(state.sealedRows / SEGMENT_ROWS);
  const kept = takeFrom(db, state, segment * SEGMENT_ROWS, Infinity, () => 'all');
  unseal(db, state, segment);
  state.rows = state.sealedRows;
  putBack(db, state, kept);
}

/**
 * Removes rows from row `from` on: those that `keep` does not want.
 * What stays keeps its order and its lines, and gets new row numbers.
 */
export function removeRows(context: WriteContext, state: StreamState, from: number, keep: Keeper): void {
  const { db } = context;
  const sealed = from < state.sealedRows;
  const segment = Math.floor(Math.min(from, state.sealedRows) / SEGMENT_ROWS);
  const start = sealed ? segment * SEGMENT_ROWS : (tailPieces(db, state.id, from)[0]?.row0 ?? state.rows);
  const kept = takeFrom(db, state, start, from, keep);
  if (sealed) unseal(db, state, segment);
  statement(db, 'delete from tail where stream = ? and row0 >= ?').run(state.id, start);
  state.sealing = null;
  state.latestTime = null;
  state.rows = start;
  putBack(db, state, kept);
  if (sealed) recountSums(db, state.id, segment);
  for (const writer of state.writers.values()) writer.nextLine = nextLine(db, state.id, writer.id);
}

interface Kept extends Span {
  readonly batch: Batch;
}

/** Reads the pieces from row `start` on; those at or behind `from` are put to `keep`. */
function takeFrom(db: DatabaseSync, state: StreamState, start: number, from: number, keep: Keeper): Kept[] {
  const sealed = spansOfRows(db, state.id, start, state.sealedRows).flatMap(bySegment);
  const kept: Kept[] = [];
  let segment = -1;
  let whole: Batch | undefined;
  /** Pieces of one segment come one after the other: it is decoded once. */
  const readPiece = ({ row0, n }: Span): Batch => {
    if (row0 >= state.sealedRows) return readRows(db, state, row0, row0 + n);
    const here = Math.floor(row0 / SEGMENT_ROWS);
    if (here !== segment || whole === undefined) whole = readSegment(db, placeOf(state.id, here, state.sealedRows));
    segment = here;
    return sliceBatch(whole, row0 - here * SEGMENT_ROWS, row0 - here * SEGMENT_ROWS + n);
  };
  for (const span of [...sealed, ...tailPieces(db, state.id, Math.max(start, state.sealedRows))]) {
    for (const piece of splitAt(span, from)) {
      const stays =
        piece.row0 < from
          ? 'all'
          : keep(piece, (key) => readRows(db, state, piece.row0, piece.row0 + piece.n, new Set([key])));
      if (stays === 'none') continue;
      if (stays === 'all') kept.push({ ...piece, batch: readPiece(piece) });
      else kept.push(...runsOf(piece, stays, readPiece(piece)));
    }
  }
  return kept;
}

/** The rows that stay, as pieces without holes. */
function runsOf(piece: Span, stays: Uint8Array, batch: Batch): Kept[] {
  const runs: Kept[] = [];
  for (let from = 0; from < piece.n; from++) {
    if (stays[from] === 0) continue;
    let to = from + 1;
    while (to < piece.n && stays[to] !== 0) to++;
    const part = { ...piece, row0: piece.row0 + from, line0: piece.line0 + from, n: to - from };
    runs.push({ ...part, batch: sliceBatch(batch, from, to) });
    from = to;
  }
  return runs;
}

function bySegment(span: Span): Span[] {
  const parts: Span[] = [];
  for (let row = span.row0; row < span.row0 + span.n;) {
    const end = Math.min(span.row0 + span.n, (Math.floor(row / SEGMENT_ROWS) + 1) * SEGMENT_ROWS);
    parts.push({ writer: span.writer, row0: row, line0: span.line0 + row - span.row0, n: end - row });
    row = end;
  }
  return parts;
}

function splitAt({ writer, row0, line0, n }: Span, row: number): Span[] {
  const before = row - row0;
  if (before <= 0 || before >= n) return [{ writer, row0, line0, n }];
  return [
    { writer, row0, line0, n: before },
    { writer, row0: row, line0: line0 + before, n: n - before },
  ];
}

function unseal(db: DatabaseSync, state: StreamState, segment: number): void {
  deleteSegments(db, state.id, segment, Math.ceil(state.sealedRows / SEGMENT_ROWS));
  cutPyramid(db, state.id, segment);
  cutSpans(db, state.id, segment * SEGMENT_ROWS);
  state.sealedRows = segment * SEGMENT_ROWS;
  state.sealing = null;
}

/** Puts what stays behind the last row, and stores where the stream stands now. */
function putBack(db: DatabaseSync, state: StreamState, kept: readonly Kept[]): void {
  for (const { writer, line0, batch } of kept) pushTail(db, state, { writer, line0 }, batch);
  state.epoch++;
  state.version++;
  const sql = 'update stream set sealed_rows = ?, version = ?, epoch = ? where id = ?';
  statement(db, sql).run(state.sealedRows, state.version, state.epoch, state.id);
}
