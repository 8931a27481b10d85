import { useSetSearch } from '../app/use-search.ts';
import type { PageSearch } from '../app/page-search.ts';
import { SearchField } from '../parts/search-field.tsx';
import { panelView, printAxis, printLog, readChartSettings } from './chart-settings.ts';
import { placeText } from './axis-text.ts';
import type { Metric } from './section.ts';

const AXES = [
  { kind: 'relative', label: 'Relative time' },
  { kind: 'wall', label: 'Wall time' },
] as const;

/** What all panels share: which metrics, what lies on x, smoothing, logarithms, and the way back from a zoom. */
export function ChartToolbar(props: {
  search: PageSearch;
  metrics: readonly Metric[];
  /** The readings have no steps. */
  timed?: boolean;
}) {
  const { search, metrics, timed = false } = props;
  const setSearch = useSetSearch();
  const settings = readChartSettings(search);
  const { axis, smoothing, logX, logY, zoom } = settings;
  const defined = metrics.some(({ step }) => step !== null);
  const axisValue = printAxis(axis) ?? '';
  const zoomed = panelView(settings, zoom?.step ?? null).axis;
  return (
    <div className="toolbar chart-toolbar">
      <SearchField
        value={search.find ?? ''}
        onChange={(find) => setSearch({ find })}
        placeholder="Find metrics"
        label="Find metrics by name or regular expression"
      />
      <label className="field">
        <span className="quiet">x</span>
        <select
          value={axisValue}
          aria-label="What lies on the x axis"
          onChange={(event) => setSearch({ x: event.target.value, zoom: undefined })}
        >
          {!timed && <option value="">{defined ? 'As defined' : 'Step'}</option>}
          {!timed && (defined || axis?.kind === 'step') && <option value="step">Step</option>}
          {AXES.map(({ kind, label }) => (
            <option key={kind} value={kind}>
              {label}
            </option>
          ))}
          {axis?.kind === 'metric' && !metrics.some(({ key }) => key === axis.key) && (
            <option value={axisValue}>{axis.key}</option>
          )}
          <optgroup label="Metric">
            {metrics.map(({ key }) => (
              <option key={key} value={`key:${key}`}>
                {key}
              </option>
            ))}
          </optgroup>
        </select>
      </label>
      <label className="field" title="Smoothing: what remains of a value after 1/300 of the width">
        <span className="quiet">smooth</span>
        <input
          type="range"
          min="0"
          max="0.99"
          step="0.01"
          value={smoothing}
          aria-label="Smoothing"
          onChange={(event) => setSearch({ smooth: event.target.value === '0' ? undefined : event.target.value })}
        />
        <output className="number smooth-value">{smoothing.toFixed(2)}</output>
      </label>
      <div className="button-group" role="group" aria-label="Logarithmic axes">
        <button aria-pressed={logX} onClick={() => setSearch({ log: printLog(!logX, logY) })}>
          log x
        </button>
        <button aria-pressed={logY} onClick={() => setSearch({ log: printLog(logX, !logY) })}>
          log y
        </button>
      </div>
      {zoom !== null && (
        <button
          className="chip active"
          onClick={() => setSearch({ zoom: undefined })}
          title="Show all again (double-click on a chart)"
        >
          {placeText(zoomed, zoom.min)} – {placeText(zoomed, zoom.max).replace(/^step /, '')} ×
        </button>
      )}
    </div>
  );
}
