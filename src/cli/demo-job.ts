import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isLive, type RunState } from '../core/model/run-state.ts';
import { terminalText } from '../core/base/terminal-line.ts';
import type { Reply } from '../serve/api/client.ts';
import type { DemoProgram } from './demo-programs.ts';
import { numberText } from './number-text.ts';
import type { StatusLine } from './status-lines.ts';
import { amber, dim, green, red } from './terminal.ts';

/** Longer than a tracker takes to tell the server of a run that a signal ends. */
const STOP_WITHIN_MS = 8_000;

/** A program of the demo that runs in a process of its own, and the run that it logs. */
export class DemoJob {
  readonly program: DemoProgram;
  readonly runId: string;
  readonly #child: ChildProcess;
  #complaint = '';

  constructor(program: DemoProgram, runId: string, child: ChildProcess) {
    this.program = program;
    this.runId = runId;
    this.#child = child;
    child.stderr?.on('data', (chunk: Buffer) => (this.#complaint = (this.#complaint + chunk.toString()).slice(-2_000)));
  }

  /** Null while it runs; 1 for a program that a signal ended. */
  get exitCode(): number | null {
    return this.#child.signalCode !== null ? 1 : this.#child.exitCode;
  }

  /** What it wrote last to its standard error, without control sequences. */
  get complaint(): string {
    return this.#complaint.trim().split('\n').map(terminalText).join('\n');
  }

  /** Asks it to end, and ends it by force when it does not. Resolves when it is gone. */
  async stop(): Promise<void> {
    if (this.exitCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const patience = new AbortController();
    void sleep(STOP_WITHIN_MS, undefined, { signal: patience.signal }).then(
      () => this.#child.kill('SIGKILL'),
      () => undefined,
    );
    await gone;
    patience.abort();
  }

  /** How it is doing. `row` is its run in the runs table, whose values are those of `columns`. */
  line(row: Reply<'runs'>['runs'][number] | undefined, columns: readonly string[]): StatusLine {
    const state = this.exitCode !== null && row !== undefined && !isLive(row.state) ? row.state : this.#state();
    const figures = [['_step', 'step'] as const, ...this.program.shows].flatMap(([key, word]) => {
      const value = row?.values[columns.indexOf(key)];
      return typeof value === 'number' ? [`${dim(word)} ${numberText(value)}`] : [];
    });
    const why = this.exitCode ? [red(this.complaint.split('\n').at(-1) ?? '')] : [];
    const head = `    ${SHAPES[state]} ${this.program.name.padEnd(14)} ${state.padEnd(8)}`;
    return { name: this.program.name, parts: [head, ...why, ...figures], mark: state };
  }

  #state(): RunState {
    if (this.exitCode === null) return 'running';
    return this.exitCode === 0 ? 'finished' : 'failed';
  }
}

/** The states' letters in a terminal; colour is never the only carrier. */
const SHAPES: Readonly<Record<RunState, string>> = {
  pending: '○',
  running: '●',
  finished: green('✓'),
  failed: red('✗'),
  crashed: red('!'),
  killed: amber('■'),
  preempting: '◐',
  preempted: '◐',
};
