import { getHeapStatistics } from 'node:v8';
import { expect, it } from 'vitest';
import { giveMemoryBack } from './idle-memory.ts';

it('gives back what is garbage, and keeps what is not', async () => {
  const garbage = new WeakRef({ a: Array.from({ length: 1_000_000 }, (_, i) => ({ i })) });
  const kept = { b: [1, 2, 3] };
  const keptRef = new WeakRef(kept);
  // The end of this turn of the event loop lets go of what a weak reference was made for.
  await new Promise((resolve) => setImmediate(resolve));
  const before = getHeapStatistics().total_physical_size;
  giveMemoryBack();
  expect(garbage.deref()).toBeUndefined();
  expect(keptRef.deref()).toBe(kept);
  expect(getHeapStatistics().total_physical_size).toBeLessThan(before - 10e6);
});
