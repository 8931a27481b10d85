import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { must } from '../../core/base/assert.ts';
import { checkData } from './check-data.ts';
import { readServerNote } from './server-note.ts';
import { type ServerWishes, serverOptions } from './server-options.ts';
import { startServer } from './server.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'trackside-server-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const options = (wishes: ServerWishes = {}, env: Record<string, string> = {}) =>
  serverOptions({ port: 0, logLevel: 'silent', ...wishes }, { TRACKSIDE_HOME: home, ...env });

/** Starts a run through the W&B dialect, as the client does. */
async function startRun(url: string, apiKey: string): Promise<{ data?: { upsertBucket: { inserted: boolean } } }> {
  const query =
    'mutation UpsertBucket($name: String) { upsertBucket(input: {name: $name, modelName: "digits"}) { bucket { name } inserted } }';
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { name: 'r1' } }),
  });
  return (await response.json()) as { data?: { upsertBucket: { inserted: boolean } } };
}

describe('a server', () => {
  it('keeps its user, its key and its runs over a restart', async () => {
    let local;
    {
      await using server = await startServer(options());
      local = must(server.local);
      expect((await startRun(server.url, local.apiKey)).data?.upsertBucket.inserted).toBe(true);
      expect(server.newLoginUrl()).not.toBe(server.newLoginUrl());
      expect(readServerNote(home)).toMatchObject({ url: server.url, pid: process.pid, auth: 'local' });
      for (const file of ['credentials', 'secret', 'server.json']) {
        expect(statSync(join(home, file)).mode & 0o077).toBe(0);
      }
    }
    expect(readServerNote(home)).toBeNull();
    await using again = await startServer(options());
    expect(again.local).toEqual(local);
    expect((await startRun(again.url, local.apiKey)).data?.upsertBucket.inserted).toBe(false);
    expect(await checkData(options())).toEqual([]);
  });

  it('gives a new key to the user that the folder has', async () => {
    let before;
    {
      await using server = await startServer(options());
      before = must(server.local);
    }
    rmSync(join(home, 'credentials'));
    await using server = await startServer(options());
    expect(server.local?.username).toBe(before.username);
    expect(server.local?.apiKey).not.toBe(before.apiKey);
    expect((await startRun(server.url, before.apiKey)).data ?? null).toBeNull();
  });

  it('holds its folder, and lets go of it when it stops or could not start', async () => {
    await expect(startServer(options({ auth: 'users' }))).rejects.toThrow(/TRACKSIDE_ADMIN_TOKEN/);
    {
      await using first = await startServer(options());
      await expect(startServer(options())).rejects.toThrow(`in use by the server at ${first.url}`);
      await expect(startServer(options({ data: join(home, 'other'), port: first.port }))).rejects.toMatchObject({
        code: 'conflict',
      });
      const elsewhere = options({ data: join(home, 'third'), store: `sqlite:${join(home, 'trackside.sqlite')}` });
      await expect(startServer(elsewhere)).rejects.toThrow('in use');
    }
    await using next = await startServer(options({ data: join(home, 'other') }));
    expect(existsSync(join(home, 'other', 'trackside.sqlite'))).toBe(true);
    expect(next.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});

describe('options', () => {
  it('have their places under the data folder unless told otherwise', () => {
    expect(options()).toMatchObject({ data: home, store: join(home, 'trackside.sqlite'), blobs: join(home, 'blobs') });
    expect(options({ data: '/d', store: 'sqlite:/s/x.sqlite', blobs: 'file:///b' })).toMatchObject({
      data: '/d',
      home,
      store: '/s/x.sqlite',
      blobs: '/b',
    });
  });

  it.each<[ServerWishes, string]>([
    [{ host: '0.0.0.0' }, '--auth users'],
    [{ host: 'gpu-box' }, '--auth users'],
    [{ store: 'postgres://x' }, 'sqlite:PATH'],
    [{ store: 'sqlite:' }, 'sqlite:PATH'],
    [{ blobs: 's3://x' }, 'file:PATH'],
    [{ publicUrl: 'ftp://x' }, 'https://'],
    [{ publicUrl: 'https://x/path' }, 'https://'],
  ])('%j are refused', (wishes, words) => {
    expect(() => options(wishes)).toThrow(words);
  });

  it('let a team in from outside', () => {
    const wishes = { host: '[::]', auth: 'users', publicUrl: 'https://tracks.example.org/' } as const;
    expect(options(wishes, { TRACKSIDE_ADMIN_TOKEN: 's' })).toMatchObject({
      host: '::',
      publicUrl: 'https://tracks.example.org',
      adminToken: 's',
    });
  });
});
