import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { useTheme } from '../app/theme.ts';
import type { Axis } from '../../core/query/series.ts';
import type { SeriesStore } from '../data/series-store.ts';
import { useSignal } from '../data/signal.ts';
import { useSame } from '../parts/use-same.ts';
import { valueText } from '../words/number.ts';
import { panelView, type ChartSettings, type Zoom } from './chart-settings.ts';
import { axisIdentity, crosshair, emphasis } from './crosshair.ts';
import type { DrawnRun } from './drawn-run.ts';
import { emptyReason } from './empty-reason.ts';
import { nearestPlace, type Line } from './line.ts';
import { PanelTooltip } from './panel-tooltip.tsx';
import { Plot } from './plot.ts';
import { hiddenByLog, xRange, yRange, type Range } from './range.ts';
import type { PanelKey } from './section.ts';
import { tooltipAt } from './tooltip-rows.ts';
import { useLines } from './use-lines.ts';

export interface PanelProps {
  readonly panel: PanelKey;
  readonly store: SeriesStore;
  readonly runs: readonly DrawnRun[];
  readonly settings: ChartSettings;
  readonly buckets: number;
  readonly width: number;
  readonly height: number;
  readonly onZoom: (zoom: Zoom | null) => void;
  /** Shows this panel alone, or all again. */
  readonly onExpand: (key: string) => void;
}

const HEAD = 24;
const SAME_X = { min: 0, max: 1 };

/** One metric for all runs that are shown. Its size is given from outside and never changes with its data. */
export const Panel = memo(function Panel(props: PanelProps) {
  const { panel, store, runs, settings, width, height } = props;
  const { logX, logY } = settings;
  const { axis, zoom } = useMemo(() => panelView(settings, panel.step), [settings, panel.step]);
  const { lines, lacking, waiting, error } = useLines(
    store,
    panel.stream,
    panel.key,
    runs,
    { axis, buckets: props.buckets, ...(zoom === null ? {} : { from: zoom.min, to: zoom.max }) },
    settings.smoothing,
  );
  const x = useMemo(() => zoom ?? xRange(lines, logX), [lines, zoom, logX]);
  const y = useMemo(() => (x === null ? null : yRange(lines, x, logY)), [lines, x, logY]);
  const drawable = x !== null && y !== null && (!logX || x.min > 0);
  const reason =
    drawable || waiting > 0
      ? null
      : (error ??
        emptyReason({
          key: panel.key,
          runs: runs.length,
          lacking,
          outside: 0,
          zoomed: zoom !== null,
          axis: axis.key ?? axis.kind,
          notPositive: logY ? hiddenByLog(lines) : 0,
        }));
  return (
    <section className="panel" style={{ width, height }} data-key={panel.key}>
      <header className="panel-head">
        <h3>
          <span className="panel-prefix">{panel.prefix}</span>
          {panel.name}
        </h3>
        {settings.axis === null && panel.step !== null && (
          <span className="panel-note" title={`define_metric: ${panel.key} is drawn over ${panel.step}`}>
            over {panel.step}
          </span>
        )}
        {drawable && lacking > 0 && (
          <span className="panel-note" title={`No values of ${panel.key} in ${lacking} of ${runs.length} runs`}>
            {runs.length - lacking} of {runs.length} runs
          </span>
        )}
        {drawable && error !== null && <span className="panel-note warn">not up to date: {error}</span>}
        <LastValue lines={lines} axis={axis} />
        <button
          className="icon-button panel-expand"
          onClick={() => props.onExpand(panel.key)}
          title="Show alone or with the others (click again)"
          aria-label={`Show ${panel.key} alone`}
        >
          <svg width="12" height="12" aria-hidden="true">
            <path d="M7 1h4v4M5 11H1V7M11 1 7 5M1 11l4-4" />
          </svg>
        </button>
      </header>
      <div className="panel-plot">
        <PanelPlot
          {...props}
          axis={axis}
          lines={lines}
          x={x ?? SAME_X}
          y={y ?? SAME_X}
          drawable={drawable}
          plotHeight={height - HEAD - 2}
          plotWidth={width - 2}
        />
        {reason !== null && <p className="panel-reason">{reason}</p>}
        {!drawable && waiting > 0 && <div className="panel-waiting" />}
      </div>
    </section>
  );
});

/** The last value of a single run, or its value at the crosshair while there is one. */
function LastValue({ lines, axis }: { lines: readonly Line[]; axis: Axis }) {
  const pointed = useSignal(crosshair);
  const line = lines.length === 1 ? lines[0] : undefined;
  if (line === undefined) return <span className="panel-last" />;
  const at = pointed?.axis === axisIdentity(axis) ? nearestPlace(line, pointed.x) : -1;
  return <span className="panel-last">{valueText(at < 0 ? line.last : (line.smooth ?? line.mean)[at])}</span>;
}

interface PanelPlotProps extends PanelProps {
  readonly axis: Axis;
  readonly lines: readonly Line[];
  readonly x: Range;
  readonly y: Range;
  readonly drawable: boolean;
  readonly plotWidth: number;
  readonly plotHeight: number;
}

function PanelPlot(props: PanelPlotProps) {
  const { settings, lines, x, y, drawable, plotWidth, plotHeight } = props;
  const theme = useTheme();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const [pointer, setPointer] = useState<{ left: number; top: number; x: number; y: number } | null>(null);

  const { logX, logY } = settings;
  const axis = useSame(props.axis, axisIdentity(props.axis));
  useEffect(() => {
    if (!drawable || place.current === null) return;
    const made = new Plot(
      place.current,
      latest.current.plotWidth,
      latest.current.plotHeight,
      { axis, logX, logY, theme, share: axisIdentity(axis) },
      {
        point(at) {
          setPointer(at);
          crosshair.set(at === null ? null : { axis: axisIdentity(axis), x: at.x });
          if (at === null) emphasis.set(null);
        },
        zoom(range) {
          // The pointer now stands over another place; the next move says over which.
          setPointer(null);
          crosshair.set(null);
          const { settings: now, panel: own } = latest.current;
          latest.current.onZoom({ ...range, step: now.axis === null ? own.step : null });
        },
        reset: () => latest.current.onZoom(null),
      },
    );
    plot.current = made;
    return () => {
      plot.current = null;
      made.dispose();
    };
  }, [drawable, axis, logX, logY, theme]);

  useEffect(() => {
    plot.current?.resize(plotWidth, plotHeight);
  }, [plotWidth, plotHeight]);

  const shownAlone = lines.length === 1;
  const picture = useMemo(() => ({ lines, x, y, logX, logY }), [lines, x, y, logX, logY]);
  useEffect(() => {
    if (drawable) plot.current?.show(picture);
  }, [drawable, picture, axis, theme]);
  useEffect(() => {
    const follow = () => plot.current?.standOut(shownAlone ? null : emphasis.value);
    follow();
    return emphasis.watch(follow);
  }, [shownAlone]);

  const tooltip = pointer === null || !drawable ? null : tooltipAt(lines, pointer.x, pointer.y, { x, y });
  const nearest = tooltip === null || shownAlone ? null : tooltip.nearest;
  useEffect(() => {
    if (pointer !== null) emphasis.set(nearest);
  }, [pointer, nearest]);

  return (
    <>
      <div ref={place} data-drawn={drawable ? lines.length : 0} />
      {tooltip !== null && pointer !== null && tooltip.rows.length > 0 && (
        <PanelTooltip tooltip={tooltip} axis={axis} x={pointer.x} left={pointer.left} top={pointer.top} />
      )}
    </>
  );
}
