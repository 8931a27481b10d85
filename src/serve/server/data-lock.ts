import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Refusal } from '../../core/model/refusal.ts';
import { readServerNote } from './server-note.ts';

/**
 * Keeps a folder to one server. The lock is the operating system's, held through an empty SQLite file, so it ends with the
 * process however that ends. Makes the folder if it is missing. Refuses (`conflict`) when another server holds it, and says
 * which one. Dispose to let go. Blocks for a moment.
 */
export function lockFolder(folder: string): Disposable {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(join(folder, 'server.lock'), { timeout: 0 });
  try {
    db.exec('begin exclusive');
  } catch (error) {
    db.close();
    if (!/locked|busy/i.test((error as Error).message)) throw error;
    const holder = readServerNote(folder);
    const who = holder
      ? `by the server at ${holder.url} (process ${holder.pid} on ${holder.host})`
      : 'by another server';
    throw new Refusal(
      'conflict',
      `${folder} is in use ${who}. Stop that one first, or give this one another --data folder.`,
    );
  }
  return { [Symbol.dispose]: () => db.close() };
}
