import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CommandLine } from './cli-process.ts';
import { fitted } from './status-lines.ts';

let cli: CommandLine;
beforeEach(() => {
  cli = new CommandLine();
});
afterEach(() => cli[Symbol.asyncDispose]());

const MAIN = decodeURIComponent(new URL('./main.ts', import.meta.url).pathname);
const PATIENCE = { timeout: 50_000, interval: 200 };

async function runs(url: string): Promise<{ state: string; stateReason: string | null; values: unknown[] }[]> {
  const key = readFileSync(join(cli.home, 'credentials'), 'utf8').trim();
  const ask = async (path: string) =>
    (await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } })).json();
  const { user } = (await ask('/session')) as { user: { username: string } };
  const table = (await ask(`/projects/${user.username}/demo/runs?columns=summary._step`)) as { runs?: [] };
  return table.runs ?? [];
}

it('uses the server that runs already; Ctrl-C ends its programs, whose runs say so, and not that server', async () => {
  const { url } = await cli.serve();
  const demo = cli.start([MAIN, 'demo']);
  let out = '';
  demo.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  await vi.waitFor(async () => {
    const training = await runs(url);
    expect(training.filter(({ values }) => Number(values[0]) > 0)).toHaveLength(3);
  }, PATIENCE);
  const children = readFileSync(`/proc/${demo.pid}/task/${demo.pid}/children`, 'utf8').trim().split(' ');
  expect(children).toHaveLength(3);

  // As npm does it: the same Ctrl-C comes twice.
  demo.kill('SIGINT');
  demo.kill('SIGINT');
  expect((await once(demo, 'close'))[0]).toBe(130);
  expect(out).toContain(`${url}/#token=`);
  for (const name of ['matmul-2x2x4', 'cartpole-fast', 'cartpole-slow']) expect(out).toContain(name);
  for (const pid of children) expect(existsSync(`/proc/${pid}`)).toBe(false);
  const ended = await runs(url);
  expect(ended.map(({ state, stateReason }) => [state, stateReason])).toEqual(
    Array.from({ length: 3 }, () => ['failed', 'exit code 143']),
  );
}, 120_000);

it('refuses a port that another program has', async () => {
  const { url } = await cli.serve();
  cli.env['TRACKSIDE_HOME'] = join(cli.home, 'another');
  const { code, err } = await cli.run('demo', '--port', new URL(url).port);
  expect(code).toBe(1);
  expect(err).toContain('--port 0');
});

it('leaves out what a narrow terminal has no room for', () => {
  const parts = ['  \u001b[32m✓\u001b[39m train', 'step 10', 'loss 0.5'];
  expect(fitted(parts, 80)).toBe(parts.join(' '));
  expect(fitted(parts, 17)).toBe('  \u001b[32m✓\u001b[39m train step 10');
  expect(fitted(parts, 16)).toBe('  \u001b[32m✓\u001b[39m train');
  expect(fitted(parts, 4)).toBe('  ✓ ');
});
