import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from './client-process.ts';
import { CLIENT_VERSIONS, isPythonSkipped } from './python.ts';
import { ServerProcess } from './server-process.ts';

describe.skipIf(isPythonSkipped())('runs that were logged offline', () => {
  let server: ServerProcess;
  beforeAll(async () => void (server = await ServerProcess.start()));
  afterAll(() => server[Symbol.asyncDispose]());

  test.each(CLIENT_VERSIONS)(
    'wandb %s: `wandb sync` brings them, and a second time changes nothing',
    async (version) => {
      using client = new Client(version, server);
      await client.run('offline.py', ['log']);
      const folders = readdirSync(join(client.home, 'wandb'))
        .filter((name) => name.startsWith('offline-run-'))
        .map((name) => join(client.home, 'wandb', name));
      expect(folders).toHaveLength(2);

      const synced = await client.wandb(['sync', ...folders]);
      expect(synced).toMatchObject({ code: 0 });
      const told = (await client.run('offline.py', ['read'])) as Record<string, unknown>;
      expect(told['rows']).toEqual(told['sent']);
      expect(told).toMatchObject({
        summary: { loss: Math.exp(-299 / 50), sub: { x: 299 }, word: 's299', _step: 299 },
        config: { lr: 0.5 },
        tags: ['late'],
        name: 'late',
        state: 'finished',
        failed: 'failed',
      });

      const again = await client.wandb(['sync', '--include-synced', ...folders]);
      expect(again).toMatchObject({ code: 0 });
      const after = (await client.run('offline.py', ['read'])) as Record<string, unknown>;
      expect(after['rows']).toEqual(told['sent']);

      const { project } = await server.graphql<{
        project: { run: { logLines: { edges: { node: { line: string } }[] } } };
      }>(
        'query L($p: String) { project(name: $p) { run(name: "offline") { logLines(first: 100) { edges { node { line } } } } } }',
        { p: client.project },
      );
      expect(project.run.logLines.edges.map(({ node }) => node.line)).toContain('said offline');
    },
  );
});
