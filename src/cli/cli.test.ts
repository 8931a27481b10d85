import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isProcessAlive } from '../machine/process-identity.ts';
import { readServerNote } from '../serve/server/server-note.ts';
import { must } from '../core/base/assert.ts';
import { CommandLine } from './cli-process.ts';

let cli: CommandLine;
beforeEach(() => {
  cli = new CommandLine();
});
afterEach(() => cli[Symbol.asyncDispose]());

const key = () => readFileSync(join(cli.home, 'credentials'), 'utf8').trim();
const session = (url: string, apiKey: string) =>
  fetch(`${url}/api/v1/session`, { headers: { authorization: `Bearer ${apiKey}` } });

describe('trackside serve', () => {
  it('says where it answers, lets its user in by key, and stops in good order', async () => {
    const { child, url, pid } = await cli.serve();
    expect(new URL(url).port).not.toBe('0');
    expect(pid).toBe(child.pid);
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok\n');
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    expect((await session(url, key())).status).toBe(200);
    expect((await session(url, `local-${'0'.repeat(40)}`)).status).toBe(401);
    for (const file of ['credentials', 'trackside.sqlite', 'trackside.sqlite-wal', 'blobs']) {
      expect(statSync(join(cli.home, file)).mode & 0o077).toBe(0);
    }

    // Its output is no terminal, so it outlives one.
    child.kill('SIGHUP');
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(0);
    expect(readServerNote(cli.home)).toBeNull();
  });

  it('shows people an address that logs in once, and the two lines for a script', async () => {
    const main = new URL('./main.ts', import.meta.url).pathname;
    const child = cli.start([decodeURIComponent(main), 'serve', '--port', '0']);
    let out = '';
    child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await vi.waitFor(() => expect(out).toContain('Ctrl-C stops it'), { timeout: 20_000 });
    const [, url] = must(/export WANDB_BASE_URL=(\S+)/.exec(out));
    expect(out).toContain(`export WANDB_API_KEY=${key()}`);
    expect(out).toMatch(new RegExp(`${url}/#token=[\\w-]{40,}`));
    expect(out).not.toContain('\u001b');
    child.kill('SIGINT');
    expect((await once(child, 'close'))[0]).toBe(0);
  });

  it('is found again after it was killed, with the same key', async () => {
    const first = await cli.serve();
    const apiKey = key();
    first.child.kill('SIGKILL');
    await once(first.child, 'close');
    expect(readServerNote(cli.home)).toBeNull();
    const second = await cli.serve();
    expect((await session(second.url, apiKey)).status).toBe(200);
    expect(readServerNote(cli.home)?.url).toBe(second.url);
  });

  it('refuses a folder that another server holds, and says which', async () => {
    const { url, pid } = await cli.serve();
    const { code, err, out } = await cli.run('serve', '--port', '0');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(`in use by the server at ${url} (process ${pid} `);
    expect(err).toContain('--data');
  });

  it('refuses a port that is taken, an address that is not ours, and what cannot be', async () => {
    await using taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const refused = async (...args: string[]): Promise<string> => {
      const { code, err } = await cli.run('serve', ...args);
      expect(code).toBe(1);
      return err;
    };
    expect(await refused('--host', '0.0.0.0')).toContain('--auth users');
    expect(await refused('--auth', 'users')).toContain('TRACKSIDE_ADMIN_TOKEN');
    expect(await refused('--port', String(port))).toMatch(new RegExp(`Port ${port} of 127.0.0.1 is taken.*--port 0`));
    expect(await refused('--port', '0', '--host', '192.0.2.1', '--auth', 'users')).toContain(
      'no address of this machine',
    );
    expect(await refused('--store', 'mysql://x')).toContain('sqlite:PATH');
    expect(await refused('--public-url', 'tracks.example.org')).toContain('https://');
    expect((await cli.run('serve', '--port', '99999')).code).toBe(2);
  });

  it('takes users from the administrator when it is told to', async () => {
    cli.env['TRACKSIDE_ADMIN_TOKEN'] = 'a-long-secret';
    const { url, loginUrl } = await cli.serve('--auth', 'users');
    expect(loginUrl).toBeNull();
    const apiKey = `ann-${'a'.repeat(40)}`;
    const put = (token: string) =>
      fetch(`${url}/api/v1/users`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'ann', apiKey, admin: false }),
      });
    expect((await put('another')).status).toBe(401);
    expect((await put('a-long-secret')).ok).toBe(true);
    expect(await (await session(url, apiKey)).json()).toMatchObject({ user: { username: 'ann', entities: ['ann'] } });
  });
});

describe('trackside sync', () => {
  it('shows names of folders without what would drive a terminal', async () => {
    await cli.serve();
    const folder = join(cli.home, 'wandb', 'run-20261122_000000-x\u001b]0;owned\u0007\u001b[31m');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'run-x.wandb'), 'no log');
    const { code, out } = await cli.run('sync', 'wandb');
    expect(code).toBe(1);
    expect(out).toContain('run-20261122_000000-x');
    expect(out.includes('\u0007') || out.includes('\u001b')).toBe(false);
  });
});

describe('trackside env, open, login and doctor', () => {
  it('find the server that runs here', async () => {
    const { url, child } = await cli.serve();
    const lines = (await cli.run('env')).out;
    expect(lines).toBe(`export WANDB_BASE_URL=${url}\nexport WANDB_API_KEY=${key()}\n`);
    expect((await cli.run('env', '--shell', 'fish')).out).toContain(`set -gx WANDB_BASE_URL ${url}\n`);
    expect(JSON.parse((await cli.run('env', '--json')).out)).toEqual({ WANDB_BASE_URL: url, WANDB_API_KEY: key() });

    const opened = JSON.parse((await cli.run('open', '--json')).out) as { url: string };
    const [, token] = must(/#token=([\w-]+)$/.exec(opened.url));
    const logIn = () =>
      fetch(`${url}/api/v1/session`, {
        method: 'POST',
        headers: { origin: url, 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      });
    expect((await logIn()).status).toBe(200);
    expect((await logIn()).status).toBe(401);

    const login = await cli.run('login');
    expect([login.code, login.err]).toEqual([0, '']);
    expect(readFileSync(join(cli.home, '.netrc'), 'utf8')).toBe(
      `machine 127.0.0.1\n  login user\n  password ${key()}\n`,
    );
    expect(readFileSync(join(cli.home, 'config.yaml'), 'utf8')).toBe(`server: ${url}\n`);

    const healthy = await cli.run('doctor', '--json');
    expect(JSON.parse(healthy.out)).toMatchObject({ ok: true });
    expect(healthy.code).toBe(0);

    child.kill('SIGTERM');
    await once(child, 'close');
    const ill = await cli.run('doctor');
    expect(ill.code).toBe(1);
    expect(ill.out).toMatch(/✗ Server .* does not answer/);
    expect(ill.out).toMatch(/✓ Store .* keeps its own rules/);
    const { code, err } = await cli.run('open');
    expect(code).toBe(1);
    expect(err).toContain('trackside serve');
  });

  it('refuse a wrong key and remember nothing of it', async () => {
    const { url } = await cli.serve();
    const { code, err } = await cli.run('login', url, '--key', `local-${'0'.repeat(40)}`);
    expect(code).toBe(1);
    expect(err).toContain('was not accepted');
    expect(existsSync(join(cli.home, '.netrc'))).toBe(false);
    expect(existsSync(join(cli.home, 'config.yaml'))).toBe(false);
  });

  it('say what is broken in the settings', async () => {
    writeFileSync(join(cli.home, 'config.yaml'), 'server: [\n');
    const { code, err } = await cli.run('env');
    expect(code).toBe(1);
    expect(err).toContain(`${join(cli.home, 'config.yaml')} is not valid YAML`);
  });
});

describe('trackside', () => {
  it('helps, with examples, and tells wrong usage by its exit code', async () => {
    const help = await cli.run('serve', '--help');
    expect(help.code).toBe(0);
    expect(help.out).toMatch(/Examples:\n {2}# your own server/);
    expect((await cli.run()).out).toContain('doctor');
    const wrong = await cli.run('serv');
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('Did you mean serve?');
  });

  it.each(['bash', 'zsh', 'fish'])('completes itself in %s', async (shell) => {
    const { code, out } = await cli.run('completion', shell);
    expect(code).toBe(0);
    for (const word of ['serve', 'doctor', 'crash-after']) expect(out).toContain(word);
  });
});

describe('the shim', () => {
  const shim = decodeURIComponent(new URL('../../bin/trackside.js', import.meta.url).pathname);
  const pretendOld =
    'data:text/javascript,' +
    encodeURIComponent(`
      const real = process.versions.node;
      Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.0' } });
    `);

  it('finds a new Node for an old one, and takes the server with it when it is killed', async () => {
    const child = cli.start(['--import', pretendOld, shim, 'serve', '--port', '0', '--json']);
    const { url, pid } = await cli.firstWords(child);
    expect(pid).not.toBe(child.pid);
    expect((await fetch(`${url}/healthz`)).ok).toBe(true);
    const identity = must(readServerNote(cli.home));
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(isProcessAlive(identity)).toBe(false), { timeout: 20_000 });
  });

  it('passes signals on and ends as the server ends', async () => {
    const child = cli.start(['--import', pretendOld, shim, 'serve', '--port', '0', '--json']);
    await cli.firstWords(child);
    child.kill('SIGINT');
    expect((await once(child, 'close'))[0]).toBe(0);
  });

  it('says what to do when there is no new Node', async () => {
    cli.env['PATH'] = cli.home;
    const copy = join(cli.home, 'alone.js');
    writeFileSync(copy.replace('alone.js', 'package.json'), '{"type":"module"}');
    writeFileSync(copy, readFileSync(shim));
    const child = cli.start(['--import', pretendOld, copy, 'serve']);
    let err = '';
    child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(1);
    expect(err).toContain('needs Node 24');
    expect(err).toContain('npm install --save-dev node@24');
  });
});
