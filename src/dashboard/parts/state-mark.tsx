import type { RunState } from '../../core/model/run-state.ts';

/** Colour is never the only carrier: each state has a shape. Drawn in a box of 12. */
const SHAPES: Readonly<Record<RunState, string>> = {
  pending: 'M6 2a4 4 0 1 0 0 8 4 4 0 0 0 0-8z',
  running: 'M6 2.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z',
  finished: 'M2 6.5 5 9.5 10 3',
  failed: 'M2.5 2.5l7 7M9.5 2.5l-7 7',
  crashed: 'M6 1.8 10.8 10.2H1.2z',
  killed: 'M2.5 2.5h7v7h-7z',
  preempting: 'M3.5 2v8M8.5 2v8',
  preempted: 'M3.5 2v8M8.5 2v8',
};
const FILLED: ReadonlySet<RunState> = new Set(['running', 'killed']);

/** A run's state as colour and shape; the word and the reason on hover. */
export function StateMark({ state, reason }: { state: RunState; reason: string | null }) {
  const title = reason === null ? state : `${state}: ${reason}`;
  return (
    <svg
      className={`state-mark state-${state}`}
      width="12"
      height="12"
      viewBox="0 0 12 12"
      role="img"
      aria-label={title}
    >
      <title>{title}</title>
      <path d={SHAPES[state]} className={FILLED.has(state) ? 'filled' : undefined} />
    </svg>
  );
}
