import { describe, expect, it } from 'vitest';
import type { RunState } from '../../core/model/run-state.ts';
import { stateAfter, type ToldState } from './next-state.ts';

const silent: ToldState = { complete: false, exitCode: null, preempting: false, advanced: false };
const rows = { ...silent, advanced: true };
const ends = (exitCode: number | null, more: Partial<ToldState> = {}): ToldState => ({
  ...rows,
  complete: true,
  exitCode,
  ...more,
});

interface Case {
  readonly run: RunState;
  readonly stop?: 'asked' | 'told';
  readonly told: ToldState;
  /** State and reason afterwards; null: unchanged. */
  readonly becomes: readonly [RunState, string | null] | null;
}

const CASES: Readonly<Record<string, Case>> = {
  'a running run stays so with rows': { run: 'running', told: rows, becomes: null },
  'a running run stays so with a heartbeat': { run: 'running', told: silent, becomes: null },
  'a pending run runs with the first sign of life': { run: 'pending', told: silent, becomes: ['running', null] },
  'a crashed run is revived by a heartbeat': { run: 'crashed', told: silent, becomes: ['running', null] },
  'a crashed run is revived by rows': { run: 'crashed', told: rows, becomes: ['running', null] },
  'a crashed run that says how it ended has ended so': {
    run: 'crashed',
    told: ends(0, { advanced: false }),
    becomes: ['finished', 'exit code 0'],
  },
  'exit code 0 finishes': { run: 'running', told: ends(0), becomes: ['finished', 'exit code 0'] },
  'another exit code fails': { run: 'running', told: ends(3), becomes: ['failed', 'exit code 3'] },
  'an exit code alone ends too': {
    run: 'running',
    told: { ...silent, exitCode: 1 },
    becomes: ['failed', 'exit code 1'],
  },
  'complete without an exit code finishes and says so': {
    run: 'running',
    told: ends(null),
    becomes: ['finished', 'ended without an exit code'],
  },
  'a notice of preemption': {
    run: 'running',
    told: { ...silent, preempting: true },
    becomes: ['preempting', 'will be preempted soon'],
  },
  'rows after that notice change nothing': { run: 'preempting', told: rows, becomes: null },
  'an end after that notice is the preemption': {
    run: 'preempting',
    told: ends(1),
    becomes: ['preempted', 'preempted, exit code 1'],
  },
  'success in spite of that notice': { run: 'preempting', told: ends(0), becomes: ['finished', 'exit code 0'] },
  'notice and end in one body': {
    run: 'running',
    told: ends(255, { preempting: true }),
    becomes: ['preempted', 'preempted, exit code 255'],
  },
  'a stop that was heard': {
    run: 'running',
    stop: 'told',
    told: ends(0),
    becomes: ['killed', 'stopped by ann, exit code 0'],
  },
  'a stop that was not heard, and a good end': {
    run: 'running',
    stop: 'asked',
    told: ends(0),
    becomes: ['finished', 'exit code 0'],
  },
  'a stop that was not heard, and a bad end': {
    run: 'running',
    stop: 'asked',
    told: ends(255),
    becomes: ['killed', 'stopped by ann, exit code 255'],
  },
  'a late body of a finished run': { run: 'finished', told: silent, becomes: null },
  'the end of a finished run, sent again': { run: 'finished', told: ends(0, { advanced: false }), becomes: null },
  'the end of a failed run, sent again with another code': {
    run: 'failed',
    told: ends(0, { advanced: false }),
    becomes: null,
  },
  'a late notice of preemption': { run: 'killed', told: { ...silent, preempting: true }, becomes: null },
  'rows beyond the known end of a finished run': { run: 'finished', told: rows, becomes: ['running', null] },
  'rows beyond the known end, with the end': { run: 'preempted', told: ends(0), becomes: ['finished', 'exit code 0'] },
};

describe('the state after a message', () => {
  it.each(Object.entries(CASES))('%s', (_name, { run, stop, told, becomes }) => {
    const next = stateAfter({ state: run, stopRequestedBy: stop ? 'ann' : null, stopTold: stop === 'told' }, told);
    expect(next && [next.to, next.reason]).toEqual(becomes);
    const saysHowItEnded = told.complete || told.exitCode !== null;
    expect(next?.exitCode ?? null).toBe(next && saysHowItEnded ? told.exitCode : null);
  });
});
