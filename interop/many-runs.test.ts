import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from './client-process.ts';
import { CLIENT_VERSIONS, isPythonSkipped } from './python.ts';
import { ServerProcess } from './server-process.ts';

const PROCESSES = [0, 1, 2, 3, 4, 5];

describe.skipIf(isPythonSkipped())('many runs at once with the official client', () => {
  let server: ServerProcess;
  beforeAll(async () => void (server = await ServerProcess.start()));
  afterAll(() => server[Symbol.asyncDispose]());

  test.each(CLIENT_VERSIONS)('wandb %s: several runs in one process keep their rows apart', async (version) => {
    using client = new Client(version, server);
    const told = (await client.run('many.py')) as Record<string, unknown>;
    for (const number of [0, 1, 2, 3])
      expect(told[`at-once-${number}`]).toEqual(
        Array.from({ length: 50 }, (_, step) => ({ x: number * 1000 + step, _step: step })),
      );
    for (const number of [0, 1, 2]) expect(told[`in-turn-${number}`]).toEqual([{ x: number, _step: 0 }]);
  });

  test('processes of both versions log side by side', async () => {
    const clients = CLIENT_VERSIONS.map((version) => new Client(version, server));
    const env = { WANDB_PROJECT: 'side-by-side' };
    await Promise.all(
      PROCESSES.map((number) => clients[number % clients.length]?.run('many.py', [String(number)], env)),
    );
    for (const client of clients) client[Symbol.dispose]();

    const { project } = await server.graphql<{
      project: { runCount: number; runs: { edges: { node: { name: string; state: string; history: string[] } }[] } };
    }>(
      `{ project(name: "side-by-side") { runCount(filters: "{\\"group\\": \\"processes\\"}")
           runs { edges { node { name state history(minStep: 0, maxStep: 200, samples: 1000) } } } } }`,
    );
    expect(project.runCount).toBe(PROCESSES.length);
    for (const { node } of project.runs.edges) {
      const number = Number(node.name.replace('process-', ''));
      expect(node.state).toBe('finished');
      const rows = node.history.map((row) => JSON.parse(row) as { x: number; half: number; _step: number });
      expect(rows.map(({ x, half, _step }) => ({ x, half, _step }))).toEqual(
        Array.from({ length: 200 }, (_, step) => ({ x: number * 1000 + step, half: step / 2, _step: step })),
      );
    }
  });
});
