import { useNow } from './use-now.ts';
import { agoText, durationText, momentText } from '../words/time.ts';

/** How long ago, with the moment on hover. */
export function Age({ at }: { at: number }) {
  const now = useNow(10_000);
  return (
    <time dateTime={new Date(at).toISOString()} title={momentText(at)}>
      {agoText(at, Math.max(now, at))}
    </time>
  );
}

/** How long a run has taken; it goes on while the run does. `everyMs`: how often it is renewed. */
export function RunTime(props: { createdAt: number; endedAt: number | null; everyMs: number }) {
  const now = useNow(props.endedAt === null ? props.everyMs : null);
  return <>{durationText(Math.max(0, (props.endedAt ?? now) - props.createdAt) / 1000)}</>;
}

/** When a run ended, for its duration: null while it lives; the last sign of life where nobody said that it ended. */
export function endOf(run: { state: string; finishedAt: number | null; heartbeatAt: number }): number | null {
  if (run.state === 'running' || run.state === 'pending' || run.state === 'preempting') return null;
  return run.finishedAt ?? run.heartbeatAt;
}
