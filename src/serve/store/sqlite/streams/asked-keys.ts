import type { DatabaseSync } from 'node:sqlite';
import { statement } from '../statements.ts';
import { findKeys } from './columns.ts';

/** A key that somebody asks for by its name: a value, or an object of which the stream has leaves. */
export interface AskedKey {
  /** As it was asked for, and as the answer calls it. */
  readonly name: string;
  /** Where the values lie below that name; an empty path is the name itself. */
  readonly leaves: readonly { readonly id: number; readonly path: readonly string[] }[];
}

/** The keys of these names; null when the stream lacks one of them. */
export function askedKeys(db: DatabaseSync, stream: number, names: readonly string[]): readonly AskedKey[] | null {
  const ids = findKeys(db, stream, names);
  const asked: AskedKey[] = [];
  for (const [i, name] of names.entries()) {
    const id = ids[i] ?? null;
    const leaves = id === null ? leavesBelow(db, stream, name) : [{ id, path: [] }];
    if (leaves.length === 0) return null;
    asked.push({ name, leaves });
  }
  return asked;
}

function leavesBelow(db: DatabaseSync, stream: number, name: string): AskedKey['leaves'] {
  const leaves: { id: number; path: readonly string[] }[] = [];
  for (const row of statement(db, 'select id, path from key where stream = ?').all(stream)) {
    const path = JSON.parse(row['path'] as string) as string[];
    for (let depth = 1; depth < path.length; depth++) {
      if (path.slice(0, depth).join('.') !== name) continue;
      leaves.push({ id: row['id'] as number, path: path.slice(depth) });
      break;
    }
  }
  return leaves;
}
