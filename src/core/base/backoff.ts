/** How waits grow: `firstMs` doubled with every failure, at most `capMs`, and up to a quarter more by chance. */
export interface Backoff {
  readonly firstMs: number;
  readonly capMs: number;
}

/** Milliseconds to wait after the n-th failure in a row, counted from 1. `chance` is a number from 0 to below 1. */
export function backoffMs(failures: number, backoff: Backoff, chance: number): number {
  const doubled = Math.min(backoff.capMs, backoff.firstMs * 2 ** Math.min(failures - 1, 50));
  return doubled * (1 + chance / 4);
}
