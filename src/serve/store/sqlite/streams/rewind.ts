import type { DatabaseSync } from 'node:sqlite';
import type { RunKey } from '../../../../core/model/run.ts';
import { noteIngest } from '../catalog/ingest-note.ts';
import type { WriteContext } from '../operations.ts';
import { type Batch, SEGMENT_ROWS } from './batch.ts';
import { findKeys } from './columns.ts';
import { RowFinder } from './row-finder.ts';
import { readRows } from './row-reader.ts';
import { type Keep, removeRows } from './rewrite.ts';
import { openStream, type StreamState } from './stream-state.ts';

/** Answers `StreamStore.rewind`. */
export function rewind(context: WriteContext, run: RunKey, step: number): { lines: number } {
  const { db } = context;
  noteIngest(db, run, { at: 0 });
  const history = openStream(context, run, 'history');
  if (history === null) return { lines: 0 };
  const system = openStream(context, run, 'system');
  if (cutBeyond(context, history, '_step', step) && system !== null) {
    const last = history.rows === 0 ? -Infinity : lastValue(db, history, '_timestamp');
    if (last !== null) cutBeyond(context, system, '_timestamp', last);
  }
  return { lines: history.writers.get('')?.nextLine ?? 0 };
}

/**
 * Removes rows whose value of the key is beyond the bound; rows without one stay only before the first of those. Says
 * whether there were such.
 */
function cutBeyond(context: WriteContext, state: StreamState, name: string, bound: number): boolean {
  const [key = null] = findKeys(context.db, state.id, [name]);
  if (key === null) return false;
  const first = firstBeyond(context.db, state, key, bound);
  if (first === null) return false;
  removeRows(context, state, first, (piece, read): Keep => kept(read(key), piece.n, bound));
  return true;
}

function firstBeyond(db: DatabaseSync, state: StreamState, key: number, bound: number): number | null {
  const { id, rows, sealedRows, version, epoch } = state;
  const info = { stream: id, rows, sealedRows, version, epoch };
  const above = nextAbove(bound);
  const finder = new RowFinder(db, info, [], { key, min: above, max: Infinity, asked: true });
  for (let row = 0; row < state.rows; row += SEGMENT_ROWS) {
    const [first] = finder.matches(row);
    if (first !== undefined) return first;
  }
  return null;
}

function kept(batch: Batch, rows: number, bound: number): Keep {
  const keep = new Uint8Array(rows);
  let some = false;
  const [column] = batch.numbers;
  column?.values.forEach((value, i) => {
    if (value > bound) return;
    keep[column.rows?.[i] ?? i] = 1;
    some = true;
  });
  return some ? keep : 'none';
}

/** The last value of the key in the stream; null when there is none. */
function lastValue(db: DatabaseSync, state: StreamState, name: string): number | null {
  const [key = null] = findKeys(db, state.id, [name]);
  if (key === null) return null;
  for (let end = state.rows; end > 0; end -= 64) {
    const [column] = readRows(db, state, Math.max(0, end - 64), end, new Set([key])).numbers;
    const last = column?.values.at(-1);
    if (last !== undefined) return last;
  }
  return null;
}

/** The smallest double above a finite one. */
function nextAbove(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  if (!Number.isFinite(value)) return value === -Infinity ? -Number.MAX_VALUE : value;
  const words = new BigInt64Array(new Float64Array([value]).buffer);
  words[0] = (words[0] as bigint) + (value > 0 ? 1n : -1n);
  return new Float64Array(words.buffer)[0] as number;
}
