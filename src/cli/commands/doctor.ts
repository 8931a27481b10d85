import { Command } from 'commander';
import { serverOptions } from '../../serve/server/server-options.ts';
import { diagnose } from '../diagnosis.ts';
import { bold, dim, examples, amber, green, red, say, sayJson } from '../terminal.ts';

const MARKS = { ok: green('✓'), warning: amber('!'), error: red('✗') } as const;

export function doctor(): Command {
  return new Command('doctor')
    .description('check this machine, the server, and everything it keeps')
    .option('--server <url>', 'this server instead of the configured or running one')
    .option('--data <dir>', 'the data folder to check (default: $TRACKSIDE_HOME, else ~/.trackside)')
    .option('--store <sqlite:path>', 'the store to check (default: in the data folder)')
    .option('--quick', 'leave out the check of every row')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `\nExit code 1 when something is wrong; warnings alone leave it at 0. Changes nothing, also beside a running server.\n` +
        examples(['everything', 'trackside doctor'], ['for a monitor', 'trackside doctor --quick --json']),
    )
    .action(run);
}

async function run(given: {
  server?: string;
  data?: string;
  store?: string;
  quick?: boolean;
  json?: boolean;
}): Promise<void> {
  const options = serverOptions({ data: given.data, store: given.store }, process.env);
  let errors = 0;
  const findings = [];
  for await (const finding of diagnose({ ...given, options, isQuick: given.quick ?? false })) {
    if (finding.severity === 'error') errors++;
    if (given.json) findings.push(finding);
    else say(`${MARKS[finding.severity]} ${bold(finding.about)} ${finding.message}`);
  }
  if (given.json) sayJson({ ok: errors === 0, findings });
  else
    say(errors === 0 ? dim('Nothing is wrong.') : red(`${errors} ${errors === 1 ? 'thing is' : 'things are'} wrong.`));
  if (errors > 0) process.exitCode = 1;
}
