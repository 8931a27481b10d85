import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADMIN_TOKEN, type Answer, ScratchServer } from './scratch-server.double.ts';

let server: ScratchServer;
let key: string;

beforeAll(async () => {
  server = await ScratchServer.start('users');
  key = await server.addUser('ann');
});
afterAll(() => server[Symbol.asyncDispose]());

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function cookieFrom({ headers }: Answer): string {
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

describe('keys', () => {
  test('a key is taken as the W&B client sends it, as a password of anybody, and as a bearer', async () => {
    for (const authorization of [basic('api', key), basic('', key), `Bearer ${key}`, `bearer  ${key}`]) {
      expect((await server.ask('/api/v1/session', { headers: { authorization } })).status).toBe(200);
    }
  });

  test('without a key, with a wrong one or with nonsense, nothing is told', async () => {
    for (const authorization of [
      '',
      'Basic',
      'Basic !!!',
      basic('api', 'wrong'),
      `Bearer ${'x'.repeat(5_000)}`,
      'Digest x',
    ]) {
      const answer = await server.ask('/api/v1/projects', { headers: { authorization } });
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/); // Basic would make browsers ask
      expect(answer.json.error.code).toBe('unauthenticated');
    }
  });

  test('both dialects refuse, each in its own form', async () => {
    const body = { query: '{ viewer { username } }' };
    expect((await server.ask('/graphql', { method: 'POST', body })).json.errors).toHaveLength(1);
    expect((await server.ask('/files/ann/p/r/file_stream', { method: 'POST', body: {} })).status).toBe(401);
    expect((await server.ask('/api/v1/notices')).status).toBe(401);
    expect((await server.ask('/metrics')).status).toBe(401);
  });

  test('whoever guesses is slowed down; a key that worked before goes on working', async () => {
    await using other = await ScratchServer.start('users');
    const good = await other.addUser('ann');
    await other.ask('/api/v1/session', { key: good });
    let refused: Answer | null = null;
    for (let guess = 0; guess < 100 && refused === null; guess++) {
      const answer = await other.ask('/api/v1/session', { key: `guess-${guess}` });
      if (answer.status === 429) refused = answer;
    }
    expect(refused?.status).toBe(429);
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
    expect((await other.ask('/api/v1/session', { key: good })).status).toBe(200);
  });

  test('a key that administration took away is refused at once', async () => {
    const gone = await server.addUser('gone');
    expect((await server.ask('/api/v1/session', { key: gone })).status).toBe(200);
    await server.ask('/api/v1/users/gone', { method: 'DELETE', key: ADMIN_TOKEN });
    expect((await server.ask('/api/v1/session', { key: gone })).status).toBe(401);
  });
});

describe('administration', () => {
  const body = { username: 'eve', admin: true };

  test('needs the token: no key will do, and no user is made', async () => {
    for (const shown of [key, 'wrong', undefined]) {
      const answer = await server.ask('/api/v1/users', { method: 'POST', body, ...(shown ? { key: shown } : {}) });
      expect(answer.status).toBe(401);
    }
  });

  test('the token is not a key: it opens nothing that belongs to a user', async () => {
    expect((await server.ask('/api/v1/projects', { key: ADMIN_TOKEN })).status).toBe(401);
    expect((await server.ask('/metrics', { key: ADMIN_TOKEN })).status).toBe(200);
  });

  test('a user is made, changed and removed; what is not there is 404', async () => {
    const key2 = `local-${'f'.repeat(40)}`;
    const put = (apiKey: string) =>
      server.ask('/api/v1/users', { method: 'POST', key: ADMIN_TOKEN, body: { username: 'flo', apiKey } });
    expect((await put(key2)).status).toBe(204);
    expect((await put(key2)).status).toBe(204);
    expect((await put('local-short')).status).toBe(400);
    const { json } = await server.ask('/api/v1/session', { key: key2 });
    expect(json.user).toMatchObject({ username: 'flo', admin: false, entities: ['flo'] });
    const remove = () => server.ask('/api/v1/users/flo', { method: 'DELETE', key: ADMIN_TOKEN });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
  });
});

describe('hosts and pages', () => {
  test('a Host that is not ours is misdirected, whatever it asks', async () => {
    for (const path of ['/healthz', '/', '/api/v1/projects', '/nothing']) {
      const answer = await server.ask(path, { key, headers: { host: 'evil.example' } });
      expect(answer.status).toBe(421);
      expect(answer.json.error.message).toMatch(/--allow-host/);
    }
  });

  test('localhost is ours at any port, since tunnels change it', async () => {
    for (const host of ['localhost:1', '127.0.0.1', '[::1]:9']) {
      expect((await server.ask('/healthz', { headers: { host } })).status).toBe(200);
    }
  });

  test('no page of another server may read an answer or frame one', async () => {
    const { headers } = await server.ask('/api/v1/projects', { key, headers: { origin: 'http://evil.example' } });
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('same-origin');
  });
});

describe('sessions', () => {
  const page = () => ({ origin: `http://${server.host}` });
  const logIn = async (): Promise<string> =>
    cookieFrom(await server.ask('/api/v1/session', { method: 'POST', headers: page(), body: { key } }));

  test('a key logs a browser in; the cookie is out of reach of scripts and of other sites', async () => {
    const answer = await server.ask('/api/v1/session', { method: 'POST', headers: page(), body: { key } });
    expect(answer.json.user.username).toBe('ann');
    const cookie = answer.headers['set-cookie']?.[0];
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).toMatch(new RegExp(`^trackside_${server.port}=`));
    const session = await server.ask('/api/v1/session', { headers: { cookie: cookieFrom(answer) } });
    expect(session.json.user.username).toBe('ann');
  });

  test('a one-time token logs in once', async () => {
    await using local = await ScratchServer.start('local');
    const token = local.newLoginToken();
    const start = () =>
      local.ask('/api/v1/session', {
        method: 'POST',
        headers: { origin: `http://${local.host}` },
        body: { token },
      });
    const first = await start();
    expect(first.status).toBe(200);
    const second = await start();
    expect(second.status).toBe(401);
    expect(second.json.error.message).toMatch(/trackside open/);
    const { status } = await local.ask('/api/v1/projects', { headers: { cookie: cookieFrom(first) } });
    expect(status).toBe(200);
  });

  test('another token is given for a key, never for a session', async () => {
    const made = await server.ask('/api/v1/session/tokens', { method: 'POST', key });
    expect(made.json.url).toBe(`http://${server.host}/#token=${made.json.token}`);
    const headers = { ...page(), cookie: await logIn() };
    expect((await server.ask('/api/v1/session/tokens', { method: 'POST', headers })).status).toBe(403);
  });

  test('a change by cookie needs a page of ours', async () => {
    await server.startRun(key, 'p', 'r1');
    const cookie = await logIn();
    const edit = (headers: Record<string, string>) =>
      server.ask('/api/v1/projects/ann/p/runs/r1', {
        method: 'PATCH',
        headers: { cookie, ...headers },
        body: { notes: 'n' },
      });
    expect((await edit({})).status).toBe(403);
    expect((await edit({ origin: 'http://evil.example' })).status).toBe(403);
    expect((await edit({ origin: `http://127.0.0.1:${server.port + 1}` })).status).toBe(403);
    expect((await edit({ origin: 'null' })).status).toBe(403);
    expect((await edit(page())).status).toBe(200);
  });

  test('another port of this machine is the same site to a browser, yet may not even read', async () => {
    const cookie = await logIn();
    const read = (site: string) => server.ask('/api/v1/projects', { headers: { cookie, 'sec-fetch-site': site } });
    expect((await read('same-site')).status).toBe(403);
    expect((await read('cross-site')).status).toBe(403);
    expect((await read('same-origin')).status).toBe(200);
  });

  test('nobody logs somebody in from a page of another server', async () => {
    for (const headers of [{}, { origin: 'http://evil.example' }]) {
      const answer = await server.ask('/api/v1/session', { method: 'POST', headers, body: { key } });
      expect(answer.status).toBe(403);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
  });

  test('after a log-out the cookie is worth nothing', async () => {
    const headers = { ...page(), cookie: await logIn() };
    expect((await server.ask('/api/v1/session', { method: 'DELETE', headers })).status).toBe(204);
    expect((await server.ask('/api/v1/projects', { headers })).status).toBe(401);
  });

  test('a session ends with its user, and is worth nothing at another server', async () => {
    const bobsKey = await server.addUser('bob');
    const bob = cookieFrom(
      await server.ask('/api/v1/session', { method: 'POST', headers: page(), body: { key: bobsKey } }),
    );
    await server.ask('/api/v1/users/bob', { method: 'DELETE', key: ADMIN_TOKEN });
    expect((await server.ask('/api/v1/projects', { headers: { cookie: bob } })).status).toBe(401);
    await using other = await ScratchServer.start('users');
    const cookie = (await logIn()).replace(`_${server.port}=`, `_${other.port}=`);
    expect((await other.ask('/api/v1/projects', { headers: { cookie } })).status).toBe(401);
  });
});

test('what anybody may see: that it lives, that it is ready, the page, and no telemetry; the rest wants a key', async () => {
  for (const [path, status] of [
    ['/healthz', 200],
    ['/ready', 200],
    ['/', 200],
    ['/authorize', 200],
    ['/ann/p/runs/r', 200],
    ['/api/v1/openapi.json', 401],
    ['/sdk/otel/v1/metrics', 404],
  ] as const) {
    expect([path, (await server.ask(path)).status]).toEqual([path, status]);
  }
});

test('an address that takes another method says which', async () => {
  const answer = await server.ask('/graphql');
  expect(answer.status).toBe(405);
  expect(answer.headers['allow']).toBe('POST');
});
