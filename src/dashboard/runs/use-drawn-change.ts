import { useCallback, useRef } from 'react';
import { printList } from '../app/page-search.ts';
import { useSetSearch } from '../app/use-search.ts';
import { printTop, withDrawn, type ProjectView } from './project-view.ts';
import type { RunWindows } from './run-windows.ts';

/**
 * What a click on a run's circle means: `toggle` switches it; `range` gives all rows since the last click the state that the
 * last one got; `only` draws this run alone, or, where it is alone already, what was drawn before.
 */
export type DrawnChange = 'toggle' | 'range' | 'only';

/** Changes which runs charts show; the run is named by its row. The function stays the same from render to render. */
export function useDrawnChange(
  view: ProjectView,
  windows: RunWindows,
  drawn: readonly string[],
): (row: number, change: DrawnChange) => void {
  const setSearch = useSetSearch();
  const last = useRef<{ row: number; drawn: boolean } | null>(null);
  const before = useRef<{ top: string | undefined; show: string; hide: string }>(DEFAULT);
  const latest = useRef({ view, windows, drawn });
  latest.current = { view, windows, drawn };
  return useCallback(
    (row, change) => {
      const now = latest.current;
      const id = now.windows.row(row)?.id;
      if (id === undefined) return;
      if (change === 'only') {
        if (now.drawn.length === 1 && now.drawn[0] === id) return setSearch(before.current, 'step');
        const { top, show, hide } = now.view;
        before.current = { top: printTop(top), show: printList(show), hide: printList(hide) };
        return setSearch({ top: '0', show: printList([id]), hide: '' }, 'step');
      }
      const from = change === 'range' ? last.current : null;
      const wanted = from?.drawn ?? !now.drawn.includes(id);
      const [low, high] = from === null ? [row, row] : [Math.min(from.row, row), Math.max(from.row, row)];
      const between = Array.from({ length: high - low + 1 }, (_, at) => now.windows.row(low + at)?.id);
      const { show, hide } = withDrawn(
        now.view,
        now.windows.first.map((run) => run.id),
        between.filter((one) => one !== undefined),
        wanted,
      );
      last.current = { row, drawn: wanted };
      setSearch({ show: printList(show), hide: printList(hide) });
    },
    [setSearch],
  );
}

const DEFAULT = { top: undefined, show: '', hide: '' };
