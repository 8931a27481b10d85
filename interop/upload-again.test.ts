import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from './client-process.ts';
import { CLIENT_VERSIONS, isPythonSkipped } from './python.ts';
import { ServerProcess } from './server-process.ts';

interface Row {
  readonly _step: number;
  readonly _timestamp: number;
  readonly x?: number;
}

describe.skipIf(isPythonSkipped())('runs that `wandb sync` uploads again', () => {
  let server: ServerProcess;
  let entity: string;
  beforeAll(async () => {
    server = await ServerProcess.start();
    const { viewer } = await server.graphql<{ viewer: { entity: string } }>('{ viewer { entity } }');
    entity = viewer.entity;
  });
  afterAll(() => server[Symbol.asyncDispose]());

  async function rowsOf(client: Client, run: string, stream: 'history' | 'system'): Promise<readonly Row[]> {
    const path = `/projects/${entity}/${client.project}/runs/${run}/rows?stream=${stream}&limit=10000`;
    return (await server.rest<{ rows: readonly Row[] }>(path)).rows;
  }

  /** Folders of the run's logs, oldest first. */
  function foldersOf(client: Client, run: string): string[] {
    const folders = readdirSync(join(client.home, 'wandb')).filter((name) => name.endsWith(`-${run}`));
    return folders.toSorted().map((name) => join(client.home, 'wandb', name));
  }

  /** Ends with 1 when the log ends in the middle of a record: what comes before is sent all the same. */
  const sync = (client: Client, folder: string) =>
    client.wandb(['sync', '--include-online', '--include-synced', folder]);

  const steps = (count: number) => Array.from({ length: count }, (_, step) => step);
  const stepsOf = (rows: readonly Row[]) => rows.map(({ _step }) => _step);
  const ascending = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);

  describe.each(CLIENT_VERSIONS)('wandb %s', (version) => {
    let client: Client;
    beforeAll(() => void (client = new Client(version, server)));
    afterAll(() => client[Symbol.dispose]());

    test('a run that was killed online gets the rows that it had not sent, and none twice', async () => {
      await client.start('again.py', ['killed']);
      const before = await rowsOf(client, 'killed', 'history');
      expect(stepsOf(before)).toEqual(steps(before.length));
      const [folder = ''] = foldersOf(client, 'killed');
      await sync(client, folder);
      const rows = await rowsOf(client, 'killed', 'history');
      expect(rows.length).toBeGreaterThan(200);
      expect(rows.length).toBeGreaterThanOrEqual(before.length);
      expect(stepsOf(rows)).toEqual(steps(rows.length));
      expect(rows.slice(0, before.length)).toEqual(before);
      expect(rows.map(({ x }) => x)).toEqual(steps(rows.length));
      const system = await rowsOf(client, 'killed', 'system');
      expect(new Set(system.map(({ _timestamp }) => _timestamp)).size).toBe(system.length);
      const console = `/projects/${entity}/${client.project}/runs/killed/console`;
      const said = await server.rest<{ lines: unknown }>(console);
      expect(said.lines).toMatchObject([{ text: 'said before the end' }]);

      await sync(client, folder);
      expect(await rowsOf(client, 'killed', 'history')).toEqual(rows);
      expect(await rowsOf(client, 'killed', 'system')).toEqual(system);
      expect(await server.rest(console)).toEqual(said);
    });

    test('a run that was resumed stays as it is, whichever of its logs comes first', async () => {
      await client.run('again.py', ['resumed']);
      const rows = await rowsOf(client, 'resumed', 'history');
      expect(stepsOf(rows)).toEqual(steps(200));
      const [first = '', second = ''] = foldersOf(client, 'resumed');
      for (const folder of [second, first]) expect(await sync(client, folder)).toMatchObject({ code: 0 });
      expect(await rowsOf(client, 'resumed', 'history')).toEqual(rows);
    });

    test.each([
      { order: 'forwards', places: [0, 1, 0] },
      { order: 'backwards', places: [1, 0] },
    ])('two parts that were logged offline are there once when sent $order', async ({ places, order }) => {
      await client.run('again.py', ['offline'], { WANDB_PROJECT: `${client.project}-${order}` });
      const folders = foldersOf(client, 'offline').slice(-2);
      for (const place of places) expect(await sync(client, folders[place] ?? '')).toMatchObject({ code: 0 });
      const path = `/projects/${entity}/${client.project}-${order}/runs/offline/rows?stream=history&limit=10000`;
      const { rows } = await server.rest<{ rows: readonly Row[] }>(path);
      expect(ascending(stepsOf(rows))).toEqual(steps(200));
    });
  });
});
