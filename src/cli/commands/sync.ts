import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { terminalText } from '../../core/base/terminal-line.ts';
import { Refusal } from '../../core/model/refusal.ts';
import { findServer } from '../known-server.ts';
import { amber, bold, dim, examples, green, red, remark, say, sayJson } from '../terminal.ts';

/** Loaded when it is needed: every other command, the server above all, starts without it. */
const uplink = () => import('../../track/uplink/sync.ts');
type SyncResult = Awaited<ReturnType<Awaited<ReturnType<typeof uplink>>['syncLog']>>;

interface Given {
  readonly server?: string;
  readonly force?: boolean;
  readonly timeout: number;
  readonly json?: boolean;
}

/** How one log fared, as `--json` tells it. */
interface Report {
  readonly path: string;
  readonly outcome: 'synced' | 'skipped' | 'open' | 'damaged' | 'refused' | 'unreachable' | 'empty';
  readonly rows?: number;
  readonly url?: string;
  readonly reason?: string;
}

export function sync(): Command {
  return new Command('sync')
    .description('upload runs from their own logs: offline ones, and those whose server or program went away')
    .argument('[paths...]', 'logs, run folders, or folders that hold them (default: ./wandb)')
    .option('--server <url>', 'this server instead of the configured or running one')
    .option('--force', 'also what is marked as synced; sending rows again changes nothing')
    .option('--timeout <seconds>', 'how long the server may be out of reach', seconds, 60)
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `\nExit code 1 when a log was not uploaded whole.\n` +
        examples(
          ['everything in this folder', 'trackside sync'],
          ['one run', 'trackside sync wandb/offline-run-20261122_101500-k3x9p2ab'],
        ),
    )
    .action(run);
}

async function run(paths: readonly string[], given: Given): Promise<void> {
  const found = await Promise.all((paths.length > 0 ? paths : ['wandb']).map(logsAt));
  const logs = [...new Set(found.flat())];
  const server = findServer({ server: given.server });
  const { apiKey } = server;
  if (apiKey === null) {
    throw new Refusal('unauthenticated', `There is no API key for ${server.url}: \`trackside login\` asks for one.`);
  }
  const reports: Report[] = [];
  for (const log of logs) reports.push(await syncOne(log, { url: server.url, apiKey }, given));
  const failed = reports.filter(({ outcome }) => outcome !== 'synced' && outcome !== 'skipped' && outcome !== 'open');
  if (given.json) sayJson({ ok: failed.length === 0, logs: reports });
  else if (reports.length > 1)
    say(dim(`${reports.length - failed.length} of ${reports.length} logs are at ${server.url}`));
  if (failed.length > 0) process.exitCode = 1;
}

async function logsAt(path: string): Promise<string[]> {
  if (!existsSync(path)) {
    throw new Refusal('not_found', `${path} does not exist; name a log, a run's folder, or a folder that holds them.`);
  }
  const logs = (await uplink()).findLogs(path);
  if (logs.length > 0) return logs;
  throw new Refusal('not_found', `${path} holds no run; runs lie in wandb/run-… and wandb/offline-run-….`);
}

async function syncOne(log: string, server: { url: string; apiKey: string }, given: Given): Promise<Report> {
  const path = relative(process.cwd(), log);
  // Folders come from other machines too, and their names could drive a terminal.
  const shown = terminalText(path);
  const isTerminal = process.stderr.isTTY && !given.json;
  let url = '';
  const { syncLog } = await uplink();
  const result = await syncLog(log, {
    server,
    force: given.force ?? false,
    patienceMs: given.timeout * 1000,
    on: {
      started: (started) => {
        url = started.url;
      },
      notice: (text) => (given.json ? undefined : remark(dim(terminalText(text)))),
      progress: (rows) => (isTerminal ? process.stderr.write(`\r${dim(`${shown}: ${rows} rows`)}`) : undefined),
    },
  });
  if (isTerminal) process.stderr.write('\r\u001b[K');
  const report = reportOf(path, result, url);
  if (!given.json) say(lineOf({ ...report, path: shown, reason: terminalText(report.reason ?? '') }));
  return report;
}

function reportOf(path: string, result: SyncResult, url: string): Report {
  if (result.kind === 'skipped') return { path, outcome: 'skipped' };
  if (result.kind !== 'synced') return { path, outcome: result.kind, reason: result.reason };
  const { rows, damage, open } = result;
  if (damage !== null && !open) return { path, outcome: 'damaged', rows, url, reason: damage };
  return { path, outcome: open ? 'open' : 'synced', rows, url };
}

function lineOf({ path, outcome, rows = 0, url = '', reason = '' }: Report): string {
  switch (outcome) {
    case 'skipped':
      return dim(`· ${path} is synced already`);
    case 'synced':
      return `${green('✓')} ${bold(path)} ${rows} rows → ${url}`;
    case 'open':
      return `${amber('…')} ${bold(path)} ${rows} rows so far, still being written → ${url}`;
    case 'damaged':
      return `${amber('!')} ${bold(path)} ${rows} rows → ${url}; behind them ${reason}`;
    default:
      return `${red('✗')} ${bold(path)} ${reason}`;
  }
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('It is a number of seconds.');
}
