import { existsSync } from 'node:fs';
import { checkSqliteStore } from '../store/sqlite/check.ts';
import type { Finding } from '../store/store.ts';
import type { ServerOptions } from './server-options.ts';

/**
 * Checks what a server with these options keeps, without changing it and also while one runs; slowly and thoroughly. Null
 * when there is nothing yet.
 */
export async function checkData(options: Pick<ServerOptions, 'store'>): Promise<readonly Finding[] | null> {
  return existsSync(options.store) ? checkSqliteStore(options.store) : null;
}
