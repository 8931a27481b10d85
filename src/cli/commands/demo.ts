import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { ApiClient, type Reply } from '../../serve/api/client.ts';
import { DEFAULT_PORT, serverOptions } from '../../serve/server/server-options.ts';
import { DemoJob } from '../demo-job.ts';
import { DEMO_PROGRAMS, startProgram } from '../demo-programs.ts';
import { type DemoServer, demoServer } from '../demo-server.ts';
import { StatusLines } from '../status-lines.ts';
import { aborted, stopSignal } from '../stop-signal.ts';
import { amber, bold, dim, examples, green, red, remark, say } from '../terminal.ts';

const PROJECT = 'demo';
const REFRESH_MS = 500;

export function demo(): Command {
  return new Command('demo')
    .description('start a server and train three small programs side by side; `npm start` in a clone')
    .option('--exit', 'end when the programs have ended, with their exit status')
    .option('--port <number>', 'port of the server; 0 takes any free one', Number, DEFAULT_PORT)
    .addHelpText(
      'after',
      '\nA server that runs on the data folder already is used, and goes on running.\n' +
        examples(
          ['half a minute of training, then a server until Ctrl-C', 'trackside demo'],
          ['in a clone, beside another server', 'npm start -- --port 0'],
        ),
    )
    .action(run);
}

async function run(given: { exit?: boolean; port: number }): Promise<void> {
  const options = serverOptions({ port: given.port }, process.env);
  const stop = stopSignal();
  await using server = await demoServer(options);
  greet(server, options.data);

  const folder = join(options.data, 'demo');
  mkdirSync(folder, { recursive: true });
  const group = `demo-${randomBytes(3).toString('hex')}`;
  const env = {
    WANDB_BASE_URL: server.url,
    WANDB_API_KEY: server.apiKey,
    WANDB_PROJECT: PROJECT,
    WANDB_RUN_GROUP: group,
  };
  const jobs = DEMO_PROGRAMS.map((program) => {
    const id = randomBytes(4).toString('hex');
    return new DemoJob(program, id, startProgram(program, id, env, folder));
  });
  await watch(new ApiClient({ server: server.url, apiKey: server.apiKey }), group, jobs, stop);
  if (stop.aborted) remark(dim('\nstopping; what was acknowledged is kept.'));
  await Promise.all(jobs.map((job) => job.stop()));

  if (stop.aborted) {
    process.exitCode = 130;
    return;
  }
  const failed = jobs.filter((job) => job.exitCode !== 0);
  for (const { program, complaint } of failed) remark(`\n${red(program.name)}\n${complaint}`);
  const outcome = failed.length > 0 ? red(`${failed.length} failed`) : green('all three have finished');
  if (given.exit || server.wasThere) {
    say(`\n    ${outcome}.${server.wasThere ? dim(` ${server.url} goes on serving.`) : ''}\n`);
    process.exitCode = failed.length > 0 ? 1 : 0;
    return;
  }
  say(`\n    ${outcome}; still serving. ${dim('Ctrl-C stops.')}\n`);
  await aborted(stop);
  process.exitCode = 130;
  remark(dim('\nstopping; what was acknowledged is kept.'));
}

function greet(server: DemoServer, data: string): void {
  const what = server.wasThere ? `the server that runs on ${data} takes the runs` : `serving ${data}`;
  say(`\n  ${amber('◆')} ${bold('Trackside')} ${dim(what)}\n`);
  say(`    ${bold(server.loginUrl)}`);
  say(`    ${dim('opens the dashboard; three programs are training below')}\n`);
}

/** Shows one line per program until all have ended or `signal` stops it. */
async function watch(api: ApiClient, group: string, jobs: readonly DemoJob[], signal: AbortSignal): Promise<void> {
  const lines = new StatusLines();
  const { user } = await api.call('session', {});
  const columns = [...new Set(['_step', ...jobs.flatMap((job) => job.program.shows.map(([key]) => key))])];
  const query = { filter: `group:${group}`, columns: columns.map((key) => `summary.${key}`).join(',') };
  for (;;) {
    const haveEnded = jobs.every((job) => job.exitCode !== null);
    const { runs } = await api.call('runs', { at: { entity: user.username, project: PROJECT }, query }).catch(none);
    lines.show(
      jobs.map((job) =>
        job.line(
          runs.find((row) => row.id === job.runId),
          columns,
        ),
      ),
    );
    if (haveEnded || signal.aborted) return;
    await sleep(REFRESH_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Before the first run has reached the server there is no project to ask. */
function none(): Pick<Reply<'runs'>, 'runs'> {
  return { runs: [] };
}
