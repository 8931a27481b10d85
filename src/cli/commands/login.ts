import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { Refusal } from '../../core/model/refusal.ts';
import { homeFolder } from '../../machine/home-folder.ts';
import { netrcFile, writeNetrcKey } from '../../machine/netrc.ts';
import { rememberServer } from '../../machine/settings.ts';
import { findServer } from '../known-server.ts';
import { callServer } from '../server-call.ts';
import { bold, dim, examples, green, say, sayJson } from '../terminal.ts';

export function login(): Command {
  return new Command('login')
    .description('remember a server and your API key for it')
    .argument('[url]', 'the server (default: the configured or running one)')
    .option('--key <key>', 'the API key; `-` reads it from standard input; asked for when left out')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        ['your own server, so that scripts find it without `env`', 'trackside login'],
        ['a team server', 'trackside login https://tracks.example.org'],
        ['from a script', 'trackside login https://tracks.example.org --key - < key.txt'],
      ),
    )
    .action(run);
}

async function run(url: string | undefined, given: { key?: string; json?: boolean }): Promise<void> {
  if (url !== undefined && !/^https?:\/\//.test(url)) {
    throw new Refusal('bad_request', `${url} is no address of a server; write it as https://tracks.example.org.`);
  }
  const known = findServer({ server: url });
  const apiKey = given.key === undefined ? (known.apiKey ?? (await ask(known.url))) : keyFrom(given.key);
  const keyOrigin = given.key === undefined && known.apiKey !== null ? known.keyOrigin : 'this command';
  const server = { ...known, apiKey, keyOrigin };
  const answer = await callServer(server, '/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'query Viewer { viewer { username entity } }' }),
  });
  const viewer = (answer as { data?: { viewer?: { username?: unknown } | null } } | null)?.data?.viewer;
  if (typeof viewer?.username !== 'string') {
    throw new Refusal(
      'unauthenticated',
      `${server.url} did not accept the key from ${keyOrigin}; \`--key KEY\` gives another.`,
    );
  }
  writeNetrcKey(server.url, apiKey, process.env);
  rememberServer(homeFolder(process.env), server.url);

  if (given.json) return sayJson({ url: server.url, username: viewer.username });
  say(`${green('✓')} ${bold(viewer.username)} at ${bold(server.url)}`);
  say(dim(`key in ${netrcFile(process.env)}, server in ${homeFolder(process.env)}/config.yaml`));
}

function keyFrom(flag: string): string {
  const key = (flag === '-' ? readFileSync(0, 'utf8') : flag).trim();
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new Refusal('bad_request', 'That is no API key: a key has letters, digits, "_" and "-" only.');
}

async function ask(url: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new Refusal(
      'unauthenticated',
      `There is no API key for ${url}: give one with --key, or --key - to read it from standard input.`,
    );
  }
  const { createInterface } = await import('node:readline/promises');
  // Nothing is echoed: the prompt is written by hand and what is typed goes nowhere.
  process.stderr.write(`API key for ${url}: `);
  const lines = createInterface({ input: process.stdin, terminal: true, output: undefined });
  try {
    return keyFrom(await lines.question(''));
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
