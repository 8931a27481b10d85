import { useSetSearch } from '../app/use-search.ts';
import type { PageSearch } from '../app/page-search.ts';
import { SearchField } from '../parts/search-field.tsx';
import { printAxis, printLog, readChartSettings } from './chart-settings.ts';
import { placeText } from './axis-text.ts';

const AXES = [
  { kind: 'step', label: 'Step' },
  { kind: 'relative', label: 'Relative time' },
  { kind: 'wall', label: 'Wall time' },
] as const;

/** What all panels share: which metrics, what lies on x, smoothing, logarithms, and the way back from a zoom. */
export function ChartToolbar({ search, metrics }: { search: PageSearch; metrics: readonly string[] }) {
  const setSearch = useSetSearch();
  const { axis, smoothing, logX, logY, zoom } = readChartSettings(search);
  const axisValue = printAxis(axis) ?? 'step';
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
          onChange={(event) =>
            setSearch({ x: event.target.value === 'step' ? undefined : event.target.value, zoom: undefined })
          }
        >
          {AXES.map(({ kind, label }) => (
            <option key={kind} value={kind}>
              {label}
            </option>
          ))}
          {axis.kind === 'metric' && !metrics.includes(axis.key ?? '') && <option value={axisValue}>{axis.key}</option>}
          <optgroup label="Metric">
            {metrics.map((key) => (
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
          {placeText(axis, zoom.min)} – {placeText(axis, zoom.max).replace(/^step /, '')} ×
        </button>
      )}
    </div>
  );
}
