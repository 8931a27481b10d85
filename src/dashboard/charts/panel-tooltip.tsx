import { useLayoutEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import type { Axis } from '../../core/query/series.ts';
import { columnText } from '../words/number.ts';
import { placeText } from './axis-text.ts';
import { RunSwatch } from './run-swatch.tsx';
import type { Tooltip, TooltipRow } from './tooltip-rows.ts';

const BESIDE = 14;
const EDGE = 4;

/** The values at the crosshair, beside the pointer where there is room. `left` and `top` are the pointer's in the window. */
export function PanelTooltip(props: { tooltip: Tooltip; axis: Axis; x: number; left: number; top: number }) {
  const { tooltip, axis, left, top } = props;
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (box.current === null) return;
    const { offsetWidth: width, offsetHeight: height, style } = box.current;
    const right = left + BESIDE;
    style.left = `${right + width + EDGE <= window.innerWidth ? right : Math.max(EDGE, left - BESIDE - width)}px`;
    style.top = `${Math.max(EDGE, Math.min(top - 24, window.innerHeight - height - EDGE))}px`;
  });
  const near = tooltip.rows.find((row) => row.run.id === tooltip.nearest) ?? tooltip.rows[0];
  const place = near?.x ?? props.x;
  return createPortal(
    <div className="tooltip" ref={box}>
      <div className="tooltip-place">{placeText(axis, axis.kind === 'step' ? Math.round(place) : place)}</div>
      {tooltip.rows.map((row) => (
        <div key={row.run.id} className={row.run.id === tooltip.nearest ? 'tooltip-row near' : 'tooltip-row'}>
          <RunSwatch run={row.run} />
          <span className="tooltip-name">{row.run.name}</span>
          <span className="tooltip-value">{wordOf(row)}</span>
          <span className="tooltip-bounds">
            {row.bounds === null ? '' : `${columnText(row.bounds[0])} … ${columnText(row.bounds[1])}`}
          </span>
        </div>
      ))}
      {tooltip.more > 0 && <div className="tooltip-more">and {tooltip.more} more</div>}
    </div>,
    document.body,
  );
}

function wordOf({ odd, value }: TooltipRow): string {
  if (odd === null) return columnText(value);
  return odd === 'nan' ? 'NaN' : 'infinite';
}
