import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { isLive, type RunState } from '../../core/model/run-state.ts';
import { ApiClient, type Reply } from '../../serve/api/client.ts';
import { DEFAULT_PORT, serverOptions } from '../../serve/server/server-options.ts';
import { type DemoProgram, DEMO_PROGRAMS, startProgram } from '../demo-programs.ts';
import { numberText } from '../number-text.ts';
import { StatusLines } from '../status-lines.ts';
import { bold, dim, green, red, remark, say, amber } from '../terminal.ts';

const PROJECT = 'demo';
const REFRESH_MS = 500;

type RunRow = Reply<'runs'>['runs'][number];

export function demo(): Command {
  return new Command('demo')
    .description('start the server and train three small programs side by side')
    .option('--exit', 'end when the programs have ended, with their exit status')
    .option('--port <number>', 'port of the server; 0 takes any free one', Number, DEFAULT_PORT)
    .action(run);
}

async function run(given: { exit?: boolean; port: number }): Promise<void> {
  const options = serverOptions({ port: given.port }, process.env);
  const { startServer } = await import('../../serve/server/server.ts');
  await using server = await startServer(options);
  const apiKey = server.local?.apiKey ?? '';
  say(`\n  ${amber('◆')} ${bold('Trackside')} ${dim(`serving ${options.data}`)}\n`);
  say(`    ${bold(server.newLoginUrl() ?? server.url)}`);
  say(`    ${dim('opens the dashboard; three programs are training below')}\n`);

  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => (stopped.signal.aborted ? process.exit(130) : stopped.abort(signal)));
  }
  const folder = join(options.data, 'demo');
  mkdirSync(folder, { recursive: true });
  const group = `demo-${randomBytes(3).toString('hex')}`;
  const env = { WANDB_BASE_URL: server.url, WANDB_API_KEY: apiKey, WANDB_PROJECT: PROJECT, WANDB_RUN_GROUP: group };
  const jobs = DEMO_PROGRAMS.map((program) => {
    const id = randomBytes(4).toString('hex');
    return new DemoJob(program, id, startProgram(program, id, env, folder));
  });
  const failed = await watch(new ApiClient({ server: server.url, apiKey }), group, jobs, stopped.signal);
  for (const job of jobs) job.stop();

  if (stopped.signal.aborted) process.exitCode = 130;
  else if (given.exit) process.exitCode = failed > 0 ? 1 : 0;
  else {
    say(
      `\n    ${failed > 0 ? red(`${failed} failed`) : green('all three have finished')}; still serving. ${dim('Ctrl-C stops.')}\n`,
    );
    await new Promise((resolve) => stopped.signal.addEventListener('abort', resolve, { once: true }));
  }
  if (stopped.signal.aborted) remark(dim('\nstopping; what was acknowledged is kept.'));
}

/** Shows one line per program until all have ended or `signal` stops it; returns how many failed. */
async function watch(api: ApiClient, group: string, jobs: readonly DemoJob[], signal: AbortSignal): Promise<number> {
  const lines = new StatusLines();
  const { user } = await api.call('session', {});
  const columns = [...new Set(['_step', ...jobs.flatMap((job) => job.program.shows.map(([key]) => key))])];
  const query = { filter: `group:${group}`, columns: columns.map((key) => `summary.${key}`).join(',') };
  for (;;) {
    const { runs } = await api.call('runs', { at: { entity: user.username, project: PROJECT }, query }).catch(none);
    const isOver = jobs.every((job) => job.exitCode !== null);
    lines.show(
      jobs.map((job) =>
        job.line(
          runs.find((row) => row.id === job.runId),
          columns,
        ),
      ),
    );
    if (isOver || signal.aborted) return jobs.filter((job) => job.exitCode !== 0).length;
    await sleep(REFRESH_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Before the first run has reached the server there is no project to ask. */
function none(): { runs: RunRow[] } {
  return { runs: [] };
}

class DemoJob {
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

  stop(): void {
    if (this.exitCode === null) this.#child.kill('SIGTERM');
  }

  line(row: RunRow | undefined, columns: readonly string[]): { name: string; text: string; mark: string } {
    const state: RunState =
      this.exitCode !== null && row !== undefined && !isLive(row.state) ? row.state : this.#state();
    const value = (key: string) => row?.values[columns.indexOf(key)];
    const figures = this.program.shows
      .filter(([key]) => typeof value(key) === 'number')
      .map(([key, word]) => `${dim(word)} ${numberText(value(key) as number)}`);
    const step = typeof value('_step') === 'number' ? `${dim('step')} ${numberText(value('_step') as number)}` : '';
    const why = this.exitCode ? red(this.#complaint.trim().split('\n').at(-1) ?? '') : '';
    const text = ['   ', SHAPES[state], this.program.name.padEnd(14), state.padEnd(9), step, ...figures, why]
      .filter(Boolean)
      .join(' ');
    return { name: this.program.name, text, mark: state };
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
