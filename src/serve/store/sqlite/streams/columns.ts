import type { DatabaseSync } from 'node:sqlite';
import type { RunKey } from '../../../../core/model/run.ts';
import type { StreamKind } from '../../../../core/model/stream.ts';
import { statement } from '../statements.ts';
import { keyName, likelyPaths } from './key-path.ts';
import { findStream } from './stream-state.ts';

export { readTailColumns, type TailColumn } from './tail-columns.ts';

export interface StreamInfo {
  readonly stream: number;
  readonly rows: number;
  readonly sealedRows: number;
  /** Raised by every change. */
  readonly version: number;
  /** Raised when rows change their place: cut, or moved back to the tail. */
  readonly epoch: number;
}

/** Where a stream stands in this snapshot; null when nothing was ever written to it. */
export function streamInfo(db: DatabaseSync, run: RunKey, kind: StreamKind): StreamInfo | null {
  const row = findStream(db, run, kind);
  if (row === undefined) return null;
  const sql = 'select seq, row0 + n as rows from tail where stream = ? order by seq desc limit 1';
  const last = statement(db, sql).get(row.id) as { seq: number; rows: number } | undefined;
  return {
    stream: row.id,
    rows: last?.rows ?? row.sealed_rows,
    sealedRows: row.sealed_rows,
    version: Math.max(row.version, last?.seq ?? 0),
    epoch: row.epoch,
  };
}

/** The ids of keys as people write them (`sub.x`); null for one that the stream does not have. */
export function findKeys(db: DatabaseSync, stream: number, names: readonly string[]): (number | null)[] {
  return names.map((name) => findKey(db, stream, name));
}

function findKey(db: DatabaseSync, stream: number, name: string): number | null {
  for (const path of likelyPaths(name)) {
    const row = statement(db, 'select id from key where stream = ? and path = ?').get(stream, path);
    if (row !== undefined) return row['id'] as number;
  }
  if (name.split('.').length < 3) return null;
  // Some of several dots are part of names: rare enough to look at all keys.
  const keys = statement(db, 'select id, path from key where stream = ?').all(stream);
  const found = keys.find((key) => keyName(key['path'] as string) === name);
  return found === undefined ? null : (found['id'] as number);
}
