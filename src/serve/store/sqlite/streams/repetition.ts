import type { DatabaseSync } from 'node:sqlite';
import type { WriteContext } from '../operations.ts';
import { statement } from '../statements.ts';
import { AskedRows } from './asked-rows.ts';
import { type Batch, type NumberColumn, SEGMENT_ROWS } from './batch.ts';
import { keyPath } from './key-path.ts';
import { RowComparison, type RowPair, SentRows } from './row-comparison.ts';
import { columnId, numberColumns, placeOf, readNumbers, restColumns } from './sealed-read.ts';
import type { StreamState } from './stream-state.ts';
import { decodeTailBody } from './tail-body.ts';
import { forgetTail, readTailColumns } from './tail-columns.ts';
import { tailBody, tailPieces } from './tail.ts';

/** Rows `from` (inclusive) to `to` (exclusive) of a batch. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

const TIME = keyPath('_timestamp');
const STEP = keyPath('_step');

/**
 * What is new of these parts of a batch: without the rows that were uploaded before under other lines. Such a row has a
 * `_timestamp`, in history a `_step` too, and equals the last row that is there with the same by value.
 * Rows that are all later than what is there cost one comparison.
 */
export function newParts(context: WriteContext, state: StreamState, batch: Batch, parts: readonly Part[]): Part[] {
  const time = columnOf(state, batch, TIME);
  const step = columnOf(state, batch, STEP);
  if (time === null || (state.kind === 'history' && step === null)) return [...parts];
  const low = least(time.values);
  if (low > latestTime(context, state, time.key)) return [...parts];

  const asked = new AskedRows(state.kind === 'history');
  for (const { from, to } of parts) asked.add(time, step, from, to);
  if (asked.isEmpty) return [...parts];
  findSealed(context.db, state, asked, time, step);
  findInTail(context, state, asked, time, step);
  const repeated = new Uint8Array(batch.rows);
  for (const row of equalRows(context.db, state, batch, asked.pairs())) repeated[row] = 1;
  return parts.flatMap((part) => withoutMarked(part, repeated));
}

/** Raises what is known of the stream's latest time by rows that are about to be added. */
export function noteTimes(state: StreamState, batch: Batch): void {
  if (state.latestTime === null) return;
  for (const value of columnOf(state, batch, TIME)?.values ?? []) {
    if (value > state.latestTime && value < Infinity) state.latestTime = value;
  }
}

/** No row of the stream has a later time. Read once, then kept with the state. */
function latestTime(context: WriteContext, state: StreamState, key: number): number {
  if (state.latestTime !== null) return state.latestTime;
  const { db } = context;
  const sums = statement(db, 'select high from key where id = ?').get(key);
  let latest = (sums?.['high'] as number | null | undefined) ?? -Infinity;
  const whole = Math.floor(state.sealedRows / SEGMENT_ROWS);
  const last = whole * SEGMENT_ROWS < state.sealedRows ? readNumbers(db, state.id, key, whole) : null;
  for (const values of [last?.values, tailColumns(context, state, [key]).get(key)?.values]) {
    for (const value of values ?? []) if (value > latest && value < Infinity) latest = value;
  }
  state.latestTime = latest;
  return latest;
}

function columnOf(state: StreamState, batch: Batch, path: string): NumberColumn | null {
  const key = state.keys.get(path);
  return (key !== undefined && batch.numbers.find((column) => column.key === key)) || null;
}

function least(values: Float64Array): number {
  let low = Infinity;
  for (const value of values) if (value < low && value > -Infinity) low = value;
  return low;
}

function findSealed(
  db: DatabaseSync,
  state: StreamState,
  asked: AskedRows,
  time: NumberColumn,
  step: NumberColumn | null,
): void {
  // Columns that are not in `col` may lie in a pack, which does not say from where to where its values reach.
  const sql = `select id - ?1 as segment from col where id >= ?1 and id < ?1 + ?2 and low <= ?4 and high >= ?3
    union select segment from pack where stream = ?5 and segment < ?2
      and not exists (select 1 from col where id = ?1 + segment) order by 1`;
  const end = Math.ceil(state.sealedRows / SEGMENT_ROWS);
  const found = statement(db, sql).all(columnId(time.key, 0), end, asked.low, asked.high, state.id);
  for (const { segment } of found as unknown as { segment: number }[]) {
    const times = readNumbers(db, state.id, time.key, segment);
    const steps = () => step && readNumbers(db, state.id, step.key, segment);
    if (times !== null) asked.find(times, steps, segment * SEGMENT_ROWS);
  }
}

function findInTail(
  context: WriteContext,
  state: StreamState,
  asked: AskedRows,
  time: NumberColumn,
  step: NumberColumn | null,
): void {
  const columns = tailColumns(context, state, step === null ? [time.key] : [time.key, step.key]);
  const times = columns.get(time.key);
  if (times !== undefined) asked.find(times, () => (step && columns.get(step.key)) ?? null, 0);
}

/** As `readTailColumns`; what it remembers of rows that are rolled back is forgotten. */
function tailColumns({ db, onRollback }: WriteContext, { id }: StreamState, keys: readonly number[]) {
  onRollback(() => forgetTail(db, id));
  return readTailColumns(db, id, keys);
}

/** The sent rows that equal the row they are paired with. Each segment and record that holds such a row is read once. */
function equalRows(db: DatabaseSync, state: StreamState, batch: Batch, pairs: readonly RowPair[]): number[] {
  const sent = new SentRows(batch);
  const equal: number[] = [];
  let next = 0;
  const pairsBelow = (end: number): RowPair[] => {
    const from = next;
    while (next < pairs.length && (pairs[next] as RowPair).there < end) next++;
    return pairs.slice(from, next);
  };
  for (let first = pairs[0]; first !== undefined && first.there < state.sealedRows; first = pairs[next]) {
    const segment = Math.floor(first.there / SEGMENT_ROWS);
    const place = placeOf(state.id, segment, state.sealedRows);
    const start = segment * SEGMENT_ROWS;
    const comparison = new RowComparison(sent, pairsBelow(start + place.rowCount), start, place.rowCount);
    for (const column of numberColumns(db, place)) comparison.numbers(column);
    for (const column of restColumns(db, place)) comparison.rest(column);
    for (const row of comparison.equal()) equal.push(row);
  }
  const first = pairs[next];
  if (first === undefined) return equal;
  for (const { seq, row0, n } of tailPieces(db, state.id, first.there)) {
    const inPiece = pairsBelow(row0 + n);
    if (inPiece.length === 0) continue;
    const comparison = new RowComparison(sent, inPiece, row0, n);
    const record = decodeTailBody(tailBody(db, state.id, seq));
    for (const column of record.numbers) comparison.numbers(column);
    for (const column of record.rest) comparison.rest(column);
    for (const row of comparison.equal()) equal.push(row);
  }
  return equal;
}

function withoutMarked({ from, to }: Part, marked: Uint8Array): Part[] {
  const parts: Part[] = [];
  for (let row = from; row < to; row++) {
    if (marked[row] === 1) continue;
    const start = row;
    while (row < to && marked[row] === 0) row++;
    parts.push({ from: start, to: row });
  }
  return parts;
}
