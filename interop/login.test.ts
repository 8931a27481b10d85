import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from './client-process.ts';
import { CLIENT_VERSIONS, isPythonSkipped } from './python.ts';
import { ServerProcess } from './server-process.ts';

describe.skipIf(isPythonSkipped())('logging in with the official client', () => {
  let server: ServerProcess;
  beforeAll(async () => void (server = await ServerProcess.start()));
  afterAll(() => server[Symbol.asyncDispose]());

  test.each(CLIENT_VERSIONS)(
    'wandb %s: the right key is verified, a wrong one refused in plain words',
    async (version) => {
      using client = new Client(version, server);
      const { viewer } = await server.graphql<{ viewer: { username: string } }>('{ viewer { username } }');
      expect(await client.run('login.py')).toMatchObject({
        right: true,
        viewer: viewer.username,
        entity: viewer.username,
        wrong: expect.stringMatching(/does not know the API key|invalid/i),
      });
    },
  );
});
