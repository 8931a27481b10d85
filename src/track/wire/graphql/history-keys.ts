import type { KeySummary } from '../../../core/model/stream.ts';

/** `Run.historyKeys`: each key with how often it was logged by type, and the last step (−1 for an empty history). */
export interface HistoryKeys {
  readonly lastStep: number;
  readonly keys: Readonly<Record<string, HistoryKey>>;
  readonly sets: readonly never[];
}

export interface HistoryKey {
  readonly typeCounts: readonly { readonly type: string; readonly count: number }[];
  /** The last number that was logged under the key; JSON makes NaN and infinities null. */
  readonly previousValue?: number;
}

export function historyKeys(keys: readonly KeySummary[]): HistoryKeys {
  const step = keys.find((summary) => summary.key === '_step');
  return {
    lastStep: step?.max ?? -1,
    // `fromEntries` defines properties: a key called `__proto__` is one like any other.
    keys: Object.fromEntries(
      keys.map((summary) => [
        summary.key,
        {
          typeCounts: Object.entries(summary.counts).map(([type, count]) => ({ type, count })),
          ...(summary.last === null ? {} : { previousValue: summary.last }),
        },
      ]),
    ),
    sets: [],
  };
}

/** `Run.systemMetrics` as JSON text: the last reading of every key of the system stream. */
export function systemMetrics(keys: readonly KeySummary[]): string {
  return JSON.stringify(
    Object.fromEntries(keys.flatMap(({ key, last }) => (last === null ? [] : [[key, last] as const]))),
  );
}
