import { readdirSync, readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { Refusal } from '../../../core/model/refusal.ts';

const FOLDER = new URL('./migrations/', import.meta.url);
const FILE_NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;

interface Migration {
  readonly version: number;
  readonly name: string;
}

/** The migrations there are, in order. They are append-only: a file that was released is never changed. */
export function migrations(): readonly Migration[] {
  const found = readdirSync(FOLDER)
    .map((name) => ({ name, version: Number(FILE_NAME.exec(name)?.[1]) }))
    .filter((migration) => migration.version > 0);
  return found.sort((a, b) => a.version - b.version);
}

/**
 * Brings the schema up to this program's version, each migration in a transaction of its own. The version is the
 * database's `user_version`. A database of a newer program is refused: its data could be misread.
 */
export function migrate(db: DatabaseSync): void {
  const known = migrations();
  const newest = known.at(-1)?.version ?? 0;
  const row = db.prepare('pragma user_version').get() as { user_version: number };
  if (row.user_version > newest) {
    throw new Refusal(
      'conflict',
      `the store has schema version ${row.user_version} and this program knows ${newest}; start the newer Trackside that wrote it`,
    );
  }
  for (const migration of known) {
    if (migration.version <= row.user_version) continue;
    const sql = readFileSync(new URL(migration.name, FOLDER), 'utf8');
    db.exec('begin immediate');
    try {
      db.exec(sql);
      db.exec(`pragma user_version = ${migration.version}`);
      db.exec('commit');
    } catch (error) {
      db.exec('rollback');
      throw error;
    }
  }
}
