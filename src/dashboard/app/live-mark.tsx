import { connection } from '../data/live.ts';
import { useSignal } from '../data/signal.ts';
import { useNow } from '../parts/use-now.ts';
import { agoText, momentText } from '../words/time.ts';

/** Whether changes arrive by themselves; if not, how old what is shown may be. */
export function LiveMark() {
  const { state, freshAt } = useSignal(connection);
  const now = useNow(state === 'lost' ? 1_000 : 60_000);
  if (state === 'live')
    return (
      <span className="rail-item live-mark" title="Live: changes appear by themselves" data-live="live">
        <span className="live-dot" />
        <span className="rail-label">Live</span>
      </span>
    );
  const text =
    state === 'lost' ? `No connection to the server. What is shown is from ${momentText(freshAt)}` : 'Connecting';
  return (
    <span className="rail-item live-mark" role="status" title={text} data-live={state}>
      <span className={state === 'lost' ? 'live-dot lost' : 'live-dot waiting'} />
      {state === 'lost' && <span className="live-age">{agoText(freshAt, now)}</span>}
      <span className="rail-label">{state === 'lost' ? 'No connection' : 'Connecting'}</span>
    </span>
  );
}
