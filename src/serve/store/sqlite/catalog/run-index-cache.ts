import type { DatabaseSync } from 'node:sqlite';
import type { RunField } from '../../../../core/query/run-field.ts';
import { RunIndex } from './run-index.ts';

/** What the columns of one reading thread may take; a request that needs more gets it, and it is given back after. */
const BYTES_MAX = 48 * 2 ** 20;

interface Cache {
  readonly indexes: Map<number, RunIndex>;
  tick: number;
}

const caches = new WeakMap<DatabaseSync, Cache>();

/** The index of the project with these fields, as of the snapshot that `db` reads. Valid until the next call. */
export function runIndex(db: DatabaseSync, project: number, fields: readonly RunField[]): RunIndex {
  let cache = caches.get(db);
  if (cache === undefined) {
    cache = { indexes: new Map(), tick: 0 };
    caches.set(db, cache);
  }
  let index = cache.indexes.get(project);
  if (index === undefined) {
    index = new RunIndex(project);
    cache.indexes.set(project, index);
  }
  cache.tick++;
  try {
    index.load(db, fields, cache.tick);
  } catch (error) {
    cache.indexes.delete(project); // It may be half of the old and half of the new snapshot.
    throw error;
  }
  trim(cache);
  return index;
}

/** Drops the columns that were not used for longest, and indexes that have none left. */
function trim({ indexes, tick }: Cache): void {
  const columns = [...indexes.values()].flatMap((index) => index.columns.map((column) => ({ index, column })));
  let bytes = columns.reduce((sum, { column }) => sum + column.bytes, 0);
  columns.sort((a, b) => a.column.usedAt - b.column.usedAt);
  for (const { index, column } of columns) {
    if (bytes <= BYTES_MAX || column.usedAt === tick) break;
    index.drop(column);
    bytes -= column.bytes;
  }
  for (const [project, index] of indexes) if (index.columns.length === 0) indexes.delete(project);
}
