import type { Clock } from '../../core/base/clock.ts';
import type { Store, StoreSize } from '../store/store.ts';

const GOOD_FOR_MS = 10 * 60_000;

/** Gives the size of the store, measured again when the last reading is ten minutes old, and once for all who ask meanwhile. */
export function sizeReading(store: Store, clock: Clock): () => Promise<StoreSize> {
  let reading: Promise<StoreSize> | null = null;
  let readAt = -Infinity;
  return () => {
    if (reading === null || clock.monotonic() - readAt > GOOD_FOR_MS) {
      readAt = clock.monotonic();
      const begun = store.size();
      reading = begun;
      begun.catch(() => {
        if (reading === begun) reading = null;
      });
    }
    return reading;
  };
}
