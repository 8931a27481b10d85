import { spawn } from 'node:child_process';
import { Command } from 'commander';
import { Refusal } from '../../core/model/refusal.ts';
import { findServer } from '../known-server.ts';
import { callServer } from '../server-call.ts';
import { bold, dim, examples, forwardLine, say, sayJson } from '../terminal.ts';

export function open(): Command {
  return new Command('open')
    .description('open the dashboard in a browser, logged in')
    .option('--server <url>', 'this server instead of the configured or running one')
    .option('--data <dir>', 'the server that runs on this data folder')
    .option('--no-browser', 'only print the address')
    .option('--json', 'only print the address, as JSON')
    .addHelpText(
      'after',
      examples(
        ['a fresh address, good once, for ten minutes', 'trackside open'],
        ['for a browser on another machine', 'trackside open --no-browser'],
      ),
    )
    .action(run);
}

async function run(given: { server?: string; data?: string; browser: boolean; json?: boolean }): Promise<void> {
  const server = findServer(given);
  const { url } = (await callServer(server, '/api/v1/session/tokens', { method: 'POST' })) as { url?: unknown };
  if (typeof url !== 'string' || !URL.canParse(url)) {
    throw new Refusal(
      'bad_request',
      `${server.url} is no Trackside server of this version; upgrade it or this command.`,
    );
  }
  if (given.json) return sayJson({ url });
  say(bold(url));
  say(dim('good once, for 10 minutes'));
  const forward = forwardLine(url);
  if (forward !== null) {
    say(dim(`from your own machine first: ${forward}`));
  } else if (given.browser && process.stdout.isTTY) {
    showInBrowser(url);
  }
}

/** Asks the desktop to open the address. A machine without one has had it printed. */
function showInBrowser(url: string): void {
  const programs: Readonly<Record<string, readonly [string, ...string[]]>> = {
    darwin: ['open'],
    win32: ['explorer.exe'],
  };
  const [program, ...args] = programs[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
