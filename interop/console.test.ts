import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from './client-process.ts';
import { CLIENT_VERSIONS, isPythonSkipped } from './python.ts';
import { ServerProcess } from './server-process.ts';

interface Line {
  readonly number: number;
  readonly at: number | null;
  readonly stderr: boolean;
  readonly text: string;
}

describe.skipIf(isPythonSkipped())('output and readings of the official client', () => {
  let server: ServerProcess;
  beforeAll(async () => void (server = await ServerProcess.start()));
  afterAll(() => server[Symbol.asyncDispose]());

  describe.each(CLIENT_VERSIONS)('wandb %s', (version) => {
    let client: Client;
    let told: Record<string, unknown>;
    let run: string;
    beforeAll(async () => {
      client = new Client(version, server);
      told = (await client.run('console.py')) as Record<string, unknown>;
      const { viewer } = await server.graphql<{ viewer: { entity: string } }>('{ viewer { entity } }');
      run = `/projects/${viewer.entity}/${client.project}/runs/console`;
    });
    afterAll(() => client[Symbol.dispose]());

    test('console lines arrive in order, coloured, with times, the error output marked', async () => {
      const { lines, total } = await server.rest<{ lines: Line[]; total: number }>(`${run}/console?limit=1000`);
      expect(lines.map(({ number }) => number)).toEqual(Array.from({ length: total }, (_, number) => number));
      expect(lines.slice(0, 120).map(({ text }) => text)).toEqual(
        Array.from({ length: 120 }, (_, step) => `\u001b[32mstep ${step}\u001b[0m 学習 🚀`),
      );
      expect(lines.filter(({ stderr }) => stderr).map(({ text }) => text)).toEqual(['to the error output']);
      expect(lines.map(({ text }) => text)).toContain('progress 10/10');
      expect(lines.at(-1)?.text).toBe('the end');
      for (const { at } of lines) expect(Math.abs((at ?? 0) - Date.now())).toBeLessThan(10 * 60_000);
    });

    test('they can be searched', async () => {
      const { lines, matches } = await server.rest<{ lines: Line[]; matches: number }>(
        `${run}/console?search=STEP%2011&limit=1000`,
      );
      expect(matches).toBe(11);
      expect(lines.map(({ number }) => number)).toEqual([11, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119]);
    });

    test.runIf(version === '0.31.0')('the public API reads them, from the beginning and from the end', async () => {
      const { lines } = await server.rest<{ lines: Line[] }>(`${run}/console?limit=1000`);
      expect(told['all']).toEqual(lines.map(({ number, stderr, text }) => [number, stderr ? 'error' : '', text]));
      expect(told['last']).toEqual(lines.slice(-2).map(({ text }) => text));
    });

    test('system metrics are the same through the public API and REST', async () => {
      const { rows } = await server.rest<{ rows: Record<string, unknown>[] }>(`${run}/rows?stream=system&limit=1000`);
      expect(rows.length).toBeGreaterThan(2);
      expect(told['system']).toEqual(rows);
      expect(told['systemMetrics']).toMatchObject({ 'system.proc.cpu.threads': expect.any(Number) });
    });
  });
});
