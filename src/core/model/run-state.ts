/** W&B's eight states of a run. `crashed` means that its heartbeat ended. */
export const RUN_STATES = [
  'pending',
  'running',
  'finished',
  'failed',
  'crashed',
  'killed',
  'preempting',
  'preempted',
] as const;
export type RunState = (typeof RUN_STATES)[number];

/** A run that may still receive data from a living program. */
export function isLive(state: RunState): boolean {
  return state === 'pending' || state === 'running' || state === 'preempting';
}

/** The client sends a heartbeat every 30 s; a run that is silent for this long is crashed. */
export const CRASHED_AFTER_MS = 5 * 60_000;
