import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until the condition holds, asking every 50 ms; a question that throws counts as no. The test's own limit ends it. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  let last: unknown = null;
  for (let asked = 0; asked < 3_000; asked++) {
    try {
      if (await holds()) return;
    } catch (error) {
      last = error;
    }
    await sleep(50);
  }
  throw new Error(`waited in vain: ${what}${last instanceof Error ? ` (${last.message})` : ''}`);
}
