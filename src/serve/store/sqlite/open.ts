import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Store, StoreSize } from '../store.ts';
import { sqliteAccounts } from './catalog/account-store.ts';
import { sqliteFiles } from './catalog/file-store.ts';
import { sqliteProjects } from './catalog/project-store.ts';
import { sqliteRuns } from './catalog/run-store.ts';
import { checkSqliteStore } from './check.ts';
import { sqliteStreams } from './streams/stream-store.ts';
import { Threads } from './threads.ts';

/** Reads beside each other: one that is long must not keep the short ones waiting. */
const READERS_MAX = 2;

/** Tables by the part of the store that `StoreSize` counts them to; whatever is not named is the catalog's. */
const PARTS: Readonly<Record<string, keyof StoreSize>> = {
  col: 'columns',
  pack: 'columns',
  pattern: 'columns',
  rest: 'rest',
  tail: 'tail',
  page: 'pyramid',
  pyramid: 'pyramid',
};

/**
 * Opens the store in one SQLite file, made with its folder if it is missing and brought up to this program's schema.
 * Rejects with `conflict` when a newer program wrote it.
 */
export async function openSqliteStore(options: { path: string; readersMax?: number }): Promise<Store> {
  mkdirSync(dirname(options.path), { recursive: true });
  const threads = await Threads.open(options.path, options.readersMax ?? READERS_MAX);
  return {
    accounts: sqliteAccounts(threads),
    projects: sqliteProjects(threads),
    runs: sqliteRuns(threads),
    streams: sqliteStreams(threads),
    files: sqliteFiles(threads),
    ping: async () => {
      await threads.write('pingWrite', []);
    },
    check: () => checkSqliteStore(options.path),
    size: async () => sizeByPart(options.path, await threads.read('sizes', [])),
    [Symbol.asyncDispose]: () => threads.close(),
  };
}

function sizeByPart(
  path: string,
  sizes: { tables: Readonly<Record<string, number>>; free: number; pages: number },
): StoreSize {
  const parts = { columns: 0, pyramid: 0, rest: 0, tail: 0, catalog: 0, free: sizes.free };
  for (const [table, bytes] of Object.entries(sizes.tables)) {
    parts[(PARTS[table] ?? 'catalog') as keyof typeof parts] += bytes;
  }
  const wal = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  return { ...parts, total: sizes.pages + wal };
}
