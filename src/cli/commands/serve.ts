import { Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_PORT, LOG_LEVELS, type ServerWishes, serverOptions } from '../../serve/server/server-options.ts';
import type { RunningServer } from '../../serve/server/server.ts';
import { aborted, stopSignal } from '../stop-signal.ts';
import { amber, bold, dim, examples, forwardLine, remark, say, sayJson } from '../terminal.ts';

export function serve(): Command {
  return new Command('serve')
    .description('serve the dashboard and take the runs of your scripts')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes any free one', port, DEFAULT_PORT)
    .option('--data <dir>', 'folder of everything that is kept (default: $TRACKSIDE_HOME, else ~/.trackside)')
    .option('--store <sqlite:path>', 'where runs and their rows are kept (default: in the data folder)')
    .option('--blobs <file:dir>', 'where files are kept (default: in the data folder)')
    .option('--public-url <url>', 'how browsers and scripts reach the server, behind a proxy')
    .option('--allow-host <name>', 'another name that this server answers to; may be repeated', gather)
    .addOption(
      new Option('--auth <kind>', 'who may come in: you on this machine, or the users you make')
        .choices(['local', 'users'])
        .default('local'),
    )
    .option('--crash-after <seconds>', 'silence after which a run counts as crashed', seconds, 300)
    .addOption(
      new Option('--log-level <level>', 'what is logged to standard error').choices(LOG_LEVELS).default('warn'),
    )
    .option('--json', 'say where it answers as JSON')
    .addHelpText(
      'after',
      examples(
        ['your own server, on this machine', 'trackside serve'],
        ['point a script at it', 'eval "$(trackside env)" && python train.py'],
        ['reach it on another machine', 'ssh -L 7878:localhost:7878 gpu-box'],
        [
          'for a team',
          'TRACKSIDE_ADMIN_TOKEN=… trackside serve --host 0.0.0.0 --auth users --public-url https://tracks.example.org',
        ],
      ),
    )
    .action(run);
}

async function run(wishes: ServerWishes & { json?: boolean }): Promise<void> {
  const options = serverOptions(wishes, process.env);
  // What is kept is nobody else's to read, on a shared machine too.
  process.umask(0o077);
  const stop = stopSignal();
  const { startServer } = await import('../../serve/server/server.ts');
  const server = await startServer(options);
  if (wishes.json) sayJson({ url: server.url, loginUrl: server.newLoginUrl(), pid: process.pid });
  else greet(server, options.data);

  const signal = await aborted(stop);
  if (!wishes.json) remark(dim(`\n${signal}: stopping; what was acknowledged is kept.`));
  await server[Symbol.asyncDispose]();
}

function greet(server: RunningServer, data: string): void {
  const { url, local } = server;
  say();
  say(`  ${amber('◆')} ${bold('Trackside')} is serving ${dim(data)}`);
  say();
  say(`    ${bold(server.newLoginUrl() ?? url)}`);
  if (local) say(`    ${dim('opens the dashboard once, within 10 minutes; `trackside open` gives another')}`);
  const forward = forwardLine(url);
  if (forward !== null) say(`    ${dim(`from your own machine first: ${forward}`)}`);
  say();
  say('    Point a script at it:');
  say(`      export WANDB_BASE_URL=${url}`);
  say(`      export WANDB_API_KEY=${local ? local.apiKey : '… the key of a user'}`);
  say();
  say(`    ${dim('Ctrl-C stops it.')}`);
  say();
}

function port(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}

function seconds(text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('Give seconds: a number above 0.');
}

function gather(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
