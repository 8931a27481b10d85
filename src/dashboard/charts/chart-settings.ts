import type { PageSearch } from '../app/page-search.ts';
import type { Axis } from '../../core/query/series.ts';
import type { Range } from './range.ts';

/** What all panels of a page share. */
export interface ChartSettings {
  /** What people chose to lie on x; null: steps, or what the run defined for the metric. */
  readonly axis: Axis | null;
  /** 0 (none) to 0.99. */
  readonly smoothing: number;
  readonly logX: boolean;
  readonly logY: boolean;
  /** The part of the axis that is looked at; null: all. */
  readonly zoom: Zoom | null;
}

/** A part of the axis; `step` names the key that lies on it where a run defined that, and only panels over it are zoomed. */
export interface Zoom extends Range {
  readonly step: string | null;
}

/** What lies on x of a panel, and the part of it that is looked at. */
export function panelView(settings: ChartSettings, step: string | null): { axis: Axis; zoom: Zoom | null } {
  const own = settings.axis === null ? step : null;
  const axis = settings.axis ?? (own === null ? STEPS : { kind: 'metric', key: own });
  return { axis, zoom: settings.zoom?.step === own ? settings.zoom : null };
}

const STEPS: Axis = { kind: 'step' };

export function readChartSettings(search: PageSearch): ChartSettings {
  const smoothing = Number(search.smooth ?? '0');
  return {
    axis: parseAxis(search.x),
    smoothing: smoothing > 0 && smoothing < 1 ? smoothing : 0,
    logX: search.log?.includes('x') ?? false,
    logY: search.log?.includes('y') ?? false,
    zoom: parseZoom(search.zoom),
  };
}

export function printLog(logX: boolean, logY: boolean): string | undefined {
  return `${logX ? 'x' : ''}${logY ? 'y' : ''}` || undefined;
}

export function printZoom(zoom: Zoom | null): string | undefined {
  if (zoom === null) return undefined;
  return `${short(zoom.min)}~${short(zoom.max)}${zoom.step === null ? '' : `~${zoom.step}`}`;
}

export function printAxis(axis: Axis | null): string | undefined {
  return axis?.kind === 'metric' ? `key:${axis.key ?? ''}` : axis?.kind;
}

function parseAxis(text: string | undefined): Axis | null {
  if (text === 'step' || text === 'relative' || text === 'wall' || text === 'row') return { kind: text };
  if (text?.startsWith('key:') === true && text.length > 4) return { kind: 'metric', key: text.slice(4) };
  return null;
}

function parseZoom(text: string | undefined): Zoom | null {
  const [from = '', to = '', ...step] = (text ?? '').split('~');
  const [min, max] = [from, to].map((part) => (part === '' ? NaN : Number(part))) as [number, number];
  if (!Number.isFinite(min) || !Number.isFinite(max) || min >= max) return null;
  return { min, max, step: step.length === 0 ? null : step.join('~') };
}

function short(value: number): string {
  return String(Number(value.toPrecision(8)));
}
