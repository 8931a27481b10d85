import type { DatabaseSync } from 'node:sqlite';
import type { ScannedRows } from '../../../../track/wire/scanned-rows.ts';
import type { WriteContext } from '../operations.ts';
import { type Batch, SEGMENT_ROWS, sliceBatch } from './batch.ts';
import { firstDifference } from './batch-difference.ts';
import { readRows } from './row-reader.ts';
import { newParts, noteTimes, type Part } from './repetition.ts';
import { sealAtOnce, sealWhenDue } from './seal.ts';
import { spansOfLines } from './span.ts';
import type { StreamState, WriterState } from './stream-state.ts';
import { removeRows, reopenLast } from './rewrite.ts';
import { type Origin, pushTail } from './tail.ts';

/**
 * Applies lines of a writer, from `line0` on. Lines that are there and equal by value are left alone. The first one that
 * differs cuts the writer's rows there; rows of other writers stay. Lines that are not there become the last rows, but for
 * repetitions (`newParts`). Says whether there were such.
 */
export function appendLines(
  context: WriteContext,
  state: StreamState,
  writer: WriterState,
  line0: number,
  batch: Batch,
): boolean {
  if (batch.rows === 0) return false;
  const { db } = context;
  const known = writer.nextLine;
  const absent = line0 >= known ? [{ from: 0, to: batch.rows }] : absentParts(context, state, writer, line0, batch);
  const fresh = newParts(context, state, batch, absent);
  for (const { from, to } of fresh) {
    pushRows(db, state, { writer: writer.id, line0: line0 + from }, sliceBatch(batch, from, to));
    writer.nextLine = Math.max(writer.nextLine, line0 + to);
  }
  if (fresh.length > 0) sealWhenDue(context, state);
  return fresh.length > 0;
}

/** Puts rows behind the last one; whole segments are sealed at once when nothing lies unsealed before them. */
export function pushRows(db: DatabaseSync, state: StreamState, origin: Origin, batch: Batch): void {
  if (state.rows === state.sealedRows && state.rows % SEGMENT_ROWS !== 0) reopenLast(db, state);
  noteTimes(state, batch);
  if (state.sealing !== null && state.sealing.rows < SEGMENT_ROWS) state.sealing = null;
  let from = 0;
  while (from < batch.rows) {
    const whole = state.rows === state.sealedRows && batch.rows - from >= SEGMENT_ROWS;
    const to = whole ? from + SEGMENT_ROWS : Math.min(batch.rows, from + SEGMENT_ROWS - (state.rows % SEGMENT_ROWS));
    const part = { writer: origin.writer, line0: origin.line0 + from };
    if (whole) sealAtOnce(db, state, part, sliceBatch(batch, from, to));
    else pushTail(db, state, part, sliceBatch(batch, from, to));
    from = to;
  }
}

/** The lines that are not there yet; those that differ from what is there are cut away first. */
function absentParts(
  context: WriteContext,
  state: StreamState,
  writer: WriterState,
  line0: number,
  batch: Batch,
): Part[] {
  for (;;) {
    const there = spansOfLines(context.db, state.id, writer.id, line0, line0 + batch.rows);
    let differs = -1;
    for (const span of there) {
      const sent = sliceBatch(batch, span.line0 - line0, span.line0 - line0 + span.n);
      const difference = firstDifference(sent, readRows(context.db, state, span.row0, span.row0 + span.n));
      if (difference < 0) continue;
      differs = span.row0 + difference;
      break;
    }
    if (differs < 0) return gaps(there, line0, batch.rows);
    removeRows(context, state, differs, (piece) => (piece.writer === writer.id ? 'none' : 'all'));
  }
}

function gaps(there: readonly { line0: number; n: number }[], line0: number, rows: number): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const span of there) {
    const start = span.line0 - line0;
    if (start > at) parts.push({ from: at, to: start });
    at = start + span.n;
  }
  if (at < rows) parts.push({ from: at, to: rows });
  return parts;
}

/** Scanned rows with the keys' ids in place of their paths; new keys are made. Shares memory. */
export function toBatch(
  db: DatabaseSync,
  state: StreamState,
  scanned: ScannedRows,
  onNew: (path: string) => void,
): Batch {
  return {
    rows: scanned.rows,
    numbers: scanned.numbers.map(({ path, rows, values }) => ({ key: state.key(db, path, onNew), rows, values })),
    rest: scanned.rest.map(({ path, ...column }) => ({ key: state.key(db, path, onNew), ...column })),
  };
}
