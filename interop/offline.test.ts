import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseLooseObject } from '../src/core/query/loose-json.ts';
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
        .toSorted()
        .map((name) => join(client.home, 'wandb', name));
      expect(folders).toHaveLength(4);
      const secondPart = folders.pop() ?? '';

      for (const what of [folders, [secondPart]])
        expect(await client.wandb(['sync', ...what])).toMatchObject({ code: 0 });
      const told = (await client.run('offline.py', ['read'])) as Record<string, unknown>;
      expect(told['rows']).toEqual(told['sent']);
      expect(told).toMatchObject({
        summary: { loss: Math.exp(-299 / 50), sub: { x: 299 }, word: 's299', _step: 299 },
        config: { lr: 0.5 },
        tags: ['late'],
        name: 'late',
        state: 'finished',
        failed: 'failed',
        parts: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      });

      const again = await client.wandb(['sync', ...folders]);
      expect(again).toMatchObject({ code: 0 });
      const { project } = await server.graphql<{
        project: { run: { state: string; history: string[]; logLines: { edges: { node: { line: string } }[] } } };
      }>(
        `query L($p: String) { project(name: $p) { run(name: "offline") { state
           history(minStep: 0, maxStep: 1000, samples: 1000) logLines(first: 100) { edges { node { line } } } } } }`,
        { p: client.project },
      );
      const rows = project.run.history.map(parseLooseObject).map(({ _timestamp, _runtime, ...row }) => row);
      expect(rows).toEqual(told['sent']);
      expect(project.run.state).toBe('finished');
      expect(project.run.logLines.edges.map(({ node }) => node.line)).toContain('said offline');
    },
  );
});
