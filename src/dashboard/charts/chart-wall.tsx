import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef, type ReactNode } from 'react';
import { parseList, printList, type PageSearch } from '../app/page-search.ts';
import { useSetSearch } from '../app/use-search.ts';
import { useSize } from '../parts/use-size.ts';
import type { SeriesStore } from '../data/series-store.ts';
import './charts.css';
import { printZoom, readChartSettings, type Zoom } from './chart-settings.ts';
import type { DrawnRun } from './drawn-run.ts';
import { Panel } from './panel.tsx';
import type { Section } from './section.ts';
import { SectionHeads } from './section-heads.tsx';
import { wallRows, type WallRow } from './wall-rows.ts';

const GAP = 8;
/** Room for 360 pixels of plot beside the labels. */
const PANEL_WIDTH_MIN = 416;
const PANEL_HEIGHT = 250;
const HEAD_HEIGHT = 16;
/** Two pixels a bucket; the server answers with up to twice as many. */
const BUCKET_PIXELS = 2;
/** Of one panel: with many runs each gets fewer. */
const BUCKETS_PER_PANEL = 20_000;

export interface ChartWallProps {
  readonly store: SeriesStore;
  readonly sections: readonly Section[];
  readonly runs: readonly DrawnRun[];
  readonly search: PageSearch;
  /** Shown instead of panels when there is no section. */
  readonly empty: ReactNode;
  /** Shown instead of panels when there is no run. */
  readonly noRuns?: ReactNode;
}

/** All panels of a page in sections. Only what is on screen exists; a screenful is one request. */
export function ChartWall({ store, sections, runs, search, empty, noRuns }: ChartWallProps) {
  const setSearch = useSetSearch();
  const scroller = useRef<HTMLDivElement>(null);
  const size = useSize(scroller);
  const inner = Math.max(0, size.width - 2 * GAP);
  const columns = Math.max(1, Math.floor((inner + GAP) / (PANEL_WIDTH_MIN + GAP)));
  const widthOf = (beside: number) => Math.floor((inner - GAP * (beside - 1)) / beside);

  const { x, smooth, log, zoom: zoomed } = search;
  const settings = useMemo(() => readChartSettings({ x, smooth, log, zoom: zoomed }), [x, smooth, log, zoomed]);
  const folded = useMemo(() => parseList(search.fold), [search.fold]);
  const find = search.find ?? '';
  const rows = useMemo(() => wallRows(sections, { columns, folded, find }), [sections, columns, folded, find]);

  const onZoom = useCallback((zoom: Zoom | null) => setSearch({ zoom: printZoom(zoom) }, 'step'), [setSearch]);
  const expanded = search.panel;
  const onExpand = useCallback(
    (key: string) => setSearch({ panel: expanded === undefined ? key : undefined }, 'step'),
    [setSearch, expanded],
  );
  const toggleFold = (name: string) =>
    setSearch({
      fold: printList(folded.includes(name) ? folded.filter((other) => other !== name) : [...folded, name]),
    });

  const virtual = useVirtualizer({
    count: size.width === 0 ? 0 : rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => rowHeight(rows[index]),
    overscan: 1,
  });
  useEffect(() => virtual.measure(), [rows, virtual]);

  const all = useMemo(() => sections.flatMap((section) => section.panels), [sections]);
  const alone = expanded === undefined ? undefined : all.find((panel) => panel.key === expanded);
  useEffect(() => {
    if (alone === undefined) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLInputElement) return;
      if (event.key === 'Escape') setSearch({ panel: undefined });
      const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      const next = all[all.indexOf(alone) + step];
      if (step !== 0 && next !== undefined) setSearch({ panel: next.key });
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [all, alone, setSearch]);

  const bucketsOf = (width: number) => {
    const wanted = Math.ceil(width / BUCKET_PIXELS / 50) * 50;
    return Math.max(50, Math.min(wanted, Math.floor(BUCKETS_PER_PANEL / Math.max(1, runs.length))));
  };
  const shared = { store, runs, settings, onZoom, onExpand };

  return (
    <div className="wall" ref={scroller} tabIndex={-1} data-panels={all.length}>
      {sections.length === 0 ? (
        <div className="wall-empty">{empty}</div>
      ) : runs.length === 0 ? (
        <div className="wall-empty">{noRuns}</div>
      ) : alone !== undefined && size.width > 0 ? (
        <div className="wall-alone">
          <Panel {...shared} panel={alone} width={inner} height={size.height - 2 * GAP} buckets={bucketsOf(inner)} />
        </div>
      ) : (
        <div className="wall-inner" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <div key={item.key} className="wall-row" style={{ transform: `translateY(${item.start}px)` }}>
                {row.cells.map(({ heads, section, panel }) => (
                  <div key={panel.key} style={{ width: widthOf(row.cells.length) }}>
                    {row.named && (
                      <div className="section-heads">
                        {heads.length === 0 ? (
                          <span className="section-goes-on">{section}</span>
                        ) : (
                          <SectionHeads heads={heads} onToggle={toggleFold} />
                        )}
                      </div>
                    )}
                    <Panel
                      {...shared}
                      panel={panel}
                      width={widthOf(row.cells.length)}
                      height={PANEL_HEIGHT}
                      buckets={bucketsOf(widthOf(columns))}
                    />
                  </div>
                ))}
                <SectionHeads heads={row.folded} onToggle={toggleFold} />
              </div>
            );
          })}
        </div>
      )}
      {rows.length === 0 && sections.length > 0 && <p className="wall-nothing">No metric matches “{find}”.</p>}
    </div>
  );
}

function rowHeight(row: WallRow | undefined): number {
  if (row === undefined) return 0;
  return (row.named ? HEAD_HEIGHT : 0) + (row.cells.length > 0 ? PANEL_HEIGHT : 0) + GAP;
}
