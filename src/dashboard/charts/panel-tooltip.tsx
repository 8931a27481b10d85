import type { Axis } from '../../core/query/series.ts';
import { valueText } from '../words/number.ts';
import { placeText } from './axis-text.ts';
import { RunSwatch } from './run-swatch.tsx';
import type { Tooltip } from './tooltip-rows.ts';

/** The values at the crosshair. It stands beside the pointer, on the side where there is room. */
export function PanelTooltip(props: {
  tooltip: Tooltip;
  axis: Axis;
  x: number;
  left: number;
  top: number;
  width: number;
}) {
  const { tooltip, left, top, width } = props;
  const single = tooltip.rows.length === 1 ? tooltip.rows[0] : undefined;
  const side = left > width / 2 ? { right: width - left + 14 } : { left: left + 14 };
  return (
    <div className="tooltip" style={{ ...side, top: Math.max(0, top - 24) }}>
      <div className="tooltip-place">{placeText(props.axis, single?.x ?? props.x)}</div>
      {tooltip.rows.map((row) => (
        <div key={row.run.id} className={row.run.id === tooltip.nearest ? 'tooltip-row near' : 'tooltip-row'}>
          <RunSwatch run={row.run.id} />
          <span className="tooltip-name">{row.run.name}</span>
          <span className="tooltip-value">{valueText(row.value)}</span>
          <span className="tooltip-bounds">
            {row.bounds === null ? '' : `${valueText(row.bounds[0])} … ${valueText(row.bounds[1])}`}
          </span>
        </div>
      ))}
      {tooltip.more > 0 && <div className="tooltip-more">and {tooltip.more} more</div>}
    </div>
  );
}
