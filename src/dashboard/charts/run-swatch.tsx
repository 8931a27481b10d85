import { hueColour, type DrawnRun } from './drawn-run.ts';

/** A short piece of a run's line: its colour and its dash. */
export function RunSwatch({ run }: { run: DrawnRun }) {
  return (
    <svg className="swatch" width="14" height="8" aria-hidden="true">
      <line
        x1="0"
        y1="4"
        x2="14"
        y2="4"
        strokeWidth="2.5"
        strokeDasharray={run.dash.join(' ')}
        style={{ stroke: hueColour(run.hue) }}
      />
    </svg>
  );
}
