import { useState } from 'react';
import { useStopRun } from '../data/run-edit.ts';
import type { RunDetail, RunName } from '../data/queries.ts';

/** Asks a living run to stop, after a second click in the same place; then says that it has been asked. */
export function StopButton({ name, run }: { name: RunName; run: RunDetail }) {
  const stop = useStopRun(name);
  const [asking, setAsking] = useState(false);
  if (run.state !== 'running' && run.state !== 'pending' && run.state !== 'preempting') return null;
  if (run.stopRequestedBy !== null)
    return <span className="fact stop-asked">stop asked by {run.stopRequestedBy}, not yet confirmed</span>;
  if (!asking) return <button onClick={() => setAsking(true)}>Stop…</button>;
  return (
    <span className="stop-question" role="group" aria-label="Stop this run?">
      <button
        autoFocus
        className="danger"
        disabled={stop.isPending}
        onClick={() => stop.mutate(undefined, { onSuccess: () => setAsking(false) })}
      >
        Stop this run
      </button>
      <button onClick={() => setAsking(false)}>Let it run</button>
      {stop.error !== null && <span className="problem">{stop.error.message}</span>}
    </span>
  );
}
