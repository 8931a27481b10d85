import { Link } from '@tanstack/react-router';
import { memo, useSyncExternalStore } from 'react';
import { emphasis } from '../charts/crosshair.ts';
import { runColour } from '../charts/drawn-run.ts';
import type { RunRow } from '../data/queries.ts';
import { StateMark } from '../parts/state-mark.tsx';
import { RunCell } from './run-cell.tsx';
import type { TableColumn } from './table-column.ts';

/** A row of the runs table: eye, state, name, and the chosen values. */
export const RunLine = memo(function RunLine(props: {
  entity: string;
  project: string;
  run: RunRow;
  columns: readonly TableColumn[];
  drawn: boolean;
  focused: boolean;
  onEye: (id: string, alone: boolean) => void;
  onTag: (tag: string) => void;
}) {
  const { run, drawn } = props;
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
          title={
            drawn ? 'Hide on charts (x); with Alt: this run alone' : 'Show on charts (x); with Alt: this run alone'
          }
          onClick={(event) => props.onEye(run.id, event.altKey)}
        >
          <span className="dot" style={{ color: runColour(run.id) }} />
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
      </div>
      {props.columns.map((column) => (
        <div key={column.field} className={column.numeric ? 'cell number' : 'cell'} role="cell">
          <RunCell run={run} column={column} onTag={props.onTag} />
        </div>
      ))}
    </div>
  );
});
