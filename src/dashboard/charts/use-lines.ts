import { useEffect, useMemo, useRef, useState } from 'react';
import type { SeriesColumns } from '../../core/query/series.ts';
import { windowIdentity, type SeriesStore, type SeriesWindow } from '../data/series-store.ts';
import { useSame } from '../parts/use-same.ts';
import type { DrawnRun } from './drawn-run.ts';
import { lineOf, type Line } from './line.ts';

export interface PanelLines {
  readonly lines: readonly Line[];
  /** Runs that have no such series. */
  readonly lacking: number;
  /** Runs whose first answer is still to come. */
  readonly waiting: number;
  readonly error: string | null;
}

/**
 * The curves of one key for these runs, kept fresh. While another window is on its way the curves of the last one stay, so
 * zooming never blinks.
 */
export function useLines(
  store: SeriesStore,
  stream: 'history' | 'system',
  key: string,
  runs: readonly DrawnRun[],
  window: SeriesWindow,
  smoothing: number,
): PanelLines {
  const [version, setVersion] = useState(0);
  const asked = useSame(window, windowIdentity(window));
  useEffect(
    () =>
      store.watch(
        runs.map((run) => ({ run: run.id, stream, key })),
        asked,
        () => setVersion((before) => before + 1),
      ),
    [store, stream, key, runs, asked],
  );
  const shown = useRef(new Map<string, SeriesColumns | null>());
  const made = useRef(new Map<string, { columns: SeriesColumns; smoothing: number; line: Line }>());
  const shownAxis = useRef('');
  return useMemo(() => {
    const axisNow = `${key} ${asked.axis.kind} ${asked.axis.key ?? ''}`;
    if (shownAxis.current !== axisNow) shown.current.clear();
    shownAxis.current = axisNow;
    const lines: Line[] = [];
    let lacking = 0;
    let waiting = 0;
    let error: string | null = null;
    for (const run of runs) {
      const entry = store.read({ run: run.id, stream, key }, asked);
      error ??= entry.error;
      const columns = entry.columns === undefined ? shown.current.get(run.id) : entry.columns;
      if (columns === undefined) {
        waiting++;
        continue;
      }
      shown.current.set(run.id, columns);
      if (columns === null) {
        lacking++;
        continue;
      }
      const before = made.current.get(run.id);
      const same = before?.columns === columns && before.smoothing === smoothing && before.line.run === run;
      const line = same ? before.line : lineOf(run, columns, smoothing);
      made.current.set(run.id, { columns, smoothing, line });
      lines.push(line);
    }
    return { lines, lacking, waiting, error };
    // `version` stands for what the store holds, which this reads.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [store, stream, key, runs, asked, smoothing, version]);
}
