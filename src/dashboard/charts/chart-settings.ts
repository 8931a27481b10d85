import type { PageSearch } from '../app/page-search.ts';
import type { Axis } from '../../core/query/series.ts';
import type { Range } from './range.ts';

/** What all panels of a page share. */
export interface ChartSettings {
  readonly axis: Axis;
  /** 0 (none) to 0.99. */
  readonly smoothing: number;
  readonly logX: boolean;
  readonly logY: boolean;
  /** The part of the axis that is looked at; null: all. */
  readonly zoom: Range | null;
}

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

export function printZoom(zoom: Range | null): string | undefined {
  return zoom === null ? undefined : `${short(zoom.min)}~${short(zoom.max)}`;
}

export function printAxis(axis: Axis): string | undefined {
  if (axis.kind === 'metric') return `key:${axis.key ?? ''}`;
  return axis.kind === 'step' ? undefined : axis.kind;
}

function parseAxis(text: string | undefined): Axis {
  if (text === 'relative' || text === 'wall' || text === 'row') return { kind: text };
  if (text?.startsWith('key:') === true && text.length > 4) return { kind: 'metric', key: text.slice(4) };
  return { kind: 'step' };
}

function parseZoom(text: string | undefined): Range | null {
  const [min, max] = (text ?? '').split('~').map((part) => (part === '' ? NaN : Number(part)));
  return min !== undefined && max !== undefined && Number.isFinite(min) && min < max && Number.isFinite(max)
    ? { min, max }
    : null;
}

function short(value: number): string {
  return String(Number(value.toPrecision(8)));
}
