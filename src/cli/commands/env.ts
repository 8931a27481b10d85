import { Command, Option } from 'commander';
import { Refusal } from '../../core/model/refusal.ts';
import { findServer } from '../known-server.ts';
import { examples, say, sayJson } from '../terminal.ts';

export function env(): Command {
  return new Command('env')
    .description('print the lines that point W&B scripts at the server, for `eval`')
    .option('--server <url>', 'this server instead of the configured or running one')
    .option('--data <dir>', 'the server that runs on this data folder')
    .addOption(new Option('--shell <name>', 'whose words to use').choices(['sh', 'fish']).default('sh'))
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        ['bash, zsh and other shells', 'eval "$(trackside env)"'],
        ['fish', 'trackside env --shell fish | source'],
      ),
    )
    .action(run);
}

function run(given: { server?: string; data?: string; shell: 'sh' | 'fish'; json?: boolean }): void {
  // What these lines set must not decide what they say.
  const { WANDB_BASE_URL: _server, WANDB_API_KEY: _key, ...others } = process.env;
  const { url, apiKey } = findServer(given, others);
  if (apiKey === null) {
    throw new Refusal(
      'unauthenticated',
      `There is no API key for ${url}: start your own server with \`trackside serve\`, or \`trackside login ${url}\`.`,
    );
  }
  const values = { WANDB_BASE_URL: url, WANDB_API_KEY: apiKey };
  if (given.json) return sayJson(values);
  for (const [name, value] of Object.entries(values)) {
    say(given.shell === 'fish' ? `set -gx ${name} ${quoted(value)}` : `export ${name}=${quoted(value)}`);
  }
}

function quoted(value: string): string {
  return /^[\w.:/@%+,-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
