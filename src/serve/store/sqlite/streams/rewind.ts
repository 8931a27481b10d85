import type { DatabaseSync } from 'node:sqlite';
import type { RunKey } from '../../../../core/model/run.ts';
import { noteIngest } from '../catalog/ingest-note.ts';
import type { WriteContext } from '../operations.ts';
import type { Batch } from './batch.ts';
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
  cutBeyond(context, history, '_step', step);
  const system = openStream(context, run, 'system');
  if (system !== null) cutBeyond(context, system, '_timestamp', lastValue(db, history, '_timestamp'));
  return { lines: history.writers.get('')?.nextLine ?? 0 };
}

/** Removes rows whose value of the key is beyond the bound; rows without one stay only before the first of those. */
function cutBeyond(context: WriteContext, state: StreamState, name: string, bound: number): void {
  const [key = null] = findKeys(context.db, state.id, [name]);
  if (key === null) return;
  const first = firstBeyond(context.db, state, key, bound);
  if (first === null) return;
  removeRows(context, state, first, (piece, read): Keep => kept(read(key), piece.n, bound));
}

function firstBeyond(db: DatabaseSync, state: StreamState, key: number, bound: number): number | null {
  const info = { ...state, stream: state.id, rows: state.rows, sealedRows: state.sealedRows };
  const above = nextAbove(bound);
  const finder = new RowFinder(db, info, [], { key, min: above, max: Infinity, asked: true });
  for (let row = 0; row < state.rows; row = (Math.floor(row / 4_096) + 1) * 4_096) {
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

/** The last value of the key in the stream; -Infinity when there is none. */
function lastValue(db: DatabaseSync, state: StreamState, name: string): number {
  const [key = null] = findKeys(db, state.id, [name]);
  if (key === null) return -Infinity;
  for (let end = state.rows; end > 0; end -= 64) {
    const [column] = readRows(db, state, Math.max(0, end - 64), end, new Set([key])).numbers;
    const last = column?.values.at(-1);
    if (last !== undefined) return last;
  }
  return -Infinity;
}

/** The smallest double above a finite one. */
function nextAbove(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  if (!Number.isFinite(value)) return value === -Infinity ? -Number.MAX_VALUE : value;
  const words = new BigInt64Array(new Float64Array([value]).buffer);
  words[0] = (words[0] as bigint) + (value > 0 ? 1n : -1n);
  return new Float64Array(words.buffer)[0] as number;
}
