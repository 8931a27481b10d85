import { Link } from '@tanstack/react-router';
import { memo, useSyncExternalStore } from 'react';
import { emphasis } from '../charts/crosshair.ts';
import { hueColour, type DrawnRun } from '../charts/drawn-run.ts';
import type { RunRow } from '../data/queries.ts';
import { StateMark } from '../parts/state-mark.tsx';
import { RunCell } from './run-cell.tsx';
import type { DrawnChange } from './use-drawn-change.ts';
import type { TableColumn } from './table-column.ts';

/** A row of the runs table: eye, state, name, and the chosen values. */
export const RunLine = memo(function RunLine(props: {
  entity: string;
  project: string;
  run: RunRow;
  columns: readonly TableColumn[];
  /** Its row of the table. */
  row: number;
  /** How charts draw it; undefined: they do not. */
  drawn: DrawnRun | undefined;
  /** No other run is drawn. */
  alone: boolean;
  focused: boolean;
  onEye: (row: number, change: DrawnChange) => void;
  onTag: (tag: string) => void;
}) {
  const { run, row, drawn: look, alone, onEye } = props;
  const drawn = look !== undefined;
  const standsOut = useSyncExternalStore(emphasis.watch, () => emphasis.value === run.id);
  const className = `run-line${props.focused ? ' focused' : ''}${standsOut ? ' outstanding' : ''}`;
  return (
    <div
      className={className}
      role="row"
      data-run={run.id}
      onMouseEnter={() => emphasis.set(run.id)}
      onMouseLeave={() => emphasis.set(null)}
    >
      <div className="fixed" role="cell">
        <button
          className={drawn ? 'eye drawn' : 'eye'}
          aria-pressed={drawn}
          aria-label={drawn ? `Hide ${run.displayName} on charts` : `Show ${run.displayName} on charts`}
          title={`${drawn ? 'Hide on charts' : 'Show on charts'} (x); with Shift: all rows since the last click`}
          onClick={(event) => onEye(row, event.shiftKey ? 'range' : 'toggle')}
        >
          <span className="dot" style={look && { color: hueColour(look.hue) }} />
        </button>
        <StateMark state={run.state} reason={run.stateReason} />
        <Link
          to="/$entity/$project/runs/$run"
          params={{ entity: props.entity, project: props.project, run: run.id }}
          className="run-name"
          title={`${run.displayName} (${run.id})`}
        >
          {run.displayName}
        </Link>
        <button
          className={alone ? 'only pressed' : 'only'}
          aria-pressed={alone}
          title={alone ? 'Draw the others again (s)' : `Draw ${run.displayName} alone (s)`}
          onClick={() => onEye(row, 'only')}
        >
          only
        </button>
      </div>
      {props.columns.map((column) => (
        <div key={column.field} className={column.numeric ? 'cell number' : 'cell'} role="cell">
          <RunCell run={run} column={column} onTag={props.onTag} />
        </div>
      ))}
    </div>
  );
});
