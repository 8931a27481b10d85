import { isLive, type RunState } from '../../core/model/run-state.ts';

/** What the hub knows of a run when a message of its client arrives. */
export interface StandingState {
  readonly state: RunState;
  readonly stopRequestedBy: string | null;
  /** The client has been told of it. */
  readonly stopTold: boolean;
}

/** What a file-stream body says about the run's fate. */
export interface ToldState {
  readonly complete: boolean;
  readonly exitCode: number | null;
  readonly preempting: boolean;
  /** It held rows beyond the known end: no retry. */
  readonly advanced: boolean;
}

export interface NextState {
  readonly to: RunState;
  readonly reason: string | null;
  readonly exitCode: number | null;
}

/**
 * The state of a run after a message of its client; null when it stays as it is. A run that has ended stays so, whatever
 * is said late or again, unless rows come that were not known; one whose contact was lost is revived by any sign of life.
 */
export function stateAfter(run: StandingState, told: ToldState): NextState | null {
  const hasEnded = !isLive(run.state) && run.state !== 'crashed';
  if (hasEnded && !told.advanced) return null;
  if (told.complete || told.exitCode !== null) return endOf(run, told);
  if (told.preempting) {
    return run.state === 'preempting' ? null : { to: 'preempting', reason: 'will be preempted soon', exitCode: null };
  }
  if (run.state === 'running' || run.state === 'preempting') return null;
  return { to: 'running', reason: null, exitCode: null };
}

/** W&B's rules: 0 is success even after a notice of preemption; any other end after that notice is the preemption itself. */
function endOf(run: StandingState, told: ToldState): NextState {
  const { exitCode } = told;
  const suffix = exitCode === null ? '' : `, exit code ${exitCode}`;
  if ((run.state === 'preempting' || told.preempting) && exitCode !== 0) {
    return { to: 'preempted', reason: `preempted${suffix}`, exitCode };
  }
  // A stop that nobody heard of did not end a run that ended well.
  if (run.stopRequestedBy !== null && (run.stopTold || exitCode !== 0)) {
    return { to: 'killed', reason: `stopped by ${run.stopRequestedBy}${suffix}`, exitCode };
  }
  if (exitCode === null) return { to: 'finished', reason: 'ended without an exit code', exitCode };
  return { to: exitCode === 0 ? 'finished' : 'failed', reason: `exit code ${exitCode}`, exitCode };
}
