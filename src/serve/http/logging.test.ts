import { pino } from 'pino';
import { expect, test } from 'vitest';
import { systemClock } from '../../core/base/clock.ts';
import type { Hub } from '../hub/hub.ts';
import { createHttp } from './http.ts';
import { createLinks } from './links.ts';
import { createSessions } from './sessions.ts';

/** A hub whose files fail as only a bug can. */
const hub = {
  files: {
    read: () => Promise.reject(new Error('the disk is on fire')),
  },
} as unknown as Hub;

test('what is logged holds neither signatures nor keys, and says what failed; the client is told nothing of it', async () => {
  const written: string[] = [];
  const links = createLinks(new Uint8Array(32), systemClock);
  const app = await createHttp({
    hub,
    sessions: createSessions(systemClock),
    links,
    clock: systemClock,
    version: '0',
    publicUrl: null,
    allowedHosts: [],
    adminToken: null,
    dashboard: null,
    logger: pino({ level: 'trace' }, { write: (line: string) => written.push(line) }),
  });
  const file = { path: { entity: 'ann', project: 'p', id: 'r' }, name: 'a.txt' };
  const url = links.download('', file);
  const headers = {
    host: 'localhost',
    authorization: 'Bearer the-secret-key',
    cookie: 'trackside_80=the-secret-cookie',
  };
  const failed = await app.inject({ url, headers });
  await app.inject({ url: `${url}x`, headers });
  await app.inject({ url: '/api/v1/nothing?signature=the-secret-query', headers });
  await app.inject({ url: '/%zz?the-secret-query', headers });
  await app.close();

  expect(failed.statusCode).toBe(500);
  expect(failed.body).not.toContain('fire');
  const log = written.join('');
  expect(log).toContain('the disk is on fire');
  expect(log).toContain('"status":403');
  expect(log).not.toContain('the-secret');
  expect(log).not.toContain(new URL(url, 'http://localhost').searchParams.get('signature'));
});
