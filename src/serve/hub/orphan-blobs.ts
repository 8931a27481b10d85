import type { Blobs } from '../blobs/blobs.ts';
import type { Store } from '../store/store.ts';

const PAGE = 200;

/**
 * Removes the bytes of files that were replaced or deleted. The store lists them until they are gone, so a kill at any
 * instant leaves nothing behind.
 */
export async function removeOrphanBlobs(store: Store, blobs: Blobs): Promise<void> {
  for (;;) {
    const orphans = await store.files.orphans(PAGE);
    for (const blob of orphans) await blobs.delete(blob);
    if (orphans.length > 0) await store.files.forgetOrphans(orphans);
    if (orphans.length < PAGE) return;
  }
}
