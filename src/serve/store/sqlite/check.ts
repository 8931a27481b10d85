import type { Finding } from '../store.ts';
import type { readOperations } from './read-operations.ts';
import { Thread } from './thread-call.ts';

/** Checks the store in this file, read only, so also while a server writes it. Takes long for a large store. */
export async function checkSqliteStore(path: string): Promise<readonly Finding[]> {
  const reader = await Thread.open<typeof readOperations>({ path, role: 'read' });
  try {
    const pages = await reader.call('checkPages', []);
    // What stands in broken pages cannot be judged.
    if (pages.length > 0) return pages;
    return [...(await reader.call('checkCatalog', [])), ...(await reader.call('checkStreams', []))];
  } finally {
    await reader.close();
  }
}
