import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from './client-process.ts';
import { CLIENT_VERSIONS, isPythonSkipped } from './python.ts';
import { ServerProcess } from './server-process.ts';
import { until } from './until.ts';

interface SeenRun {
  readonly state: string;
  readonly stateReason: string | null;
  readonly exitCode: number | null;
  readonly rows: { readonly history: number };
}

describe.skipIf(isPythonSkipped())('how runs of the official client end', () => {
  let server: ServerProcess;
  let entity: string;
  beforeAll(async () => {
    server = await ServerProcess.start();
    ({
      viewer: { entity },
    } = await server.graphql<{ viewer: { entity: string } }>('{ viewer { entity } }'));
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const seen = (client: Client, id: string, at = server) =>
    at.rest<SeenRun>(`/projects/${entity}/${client.project}/runs/${id}`);

  describe.each(CLIENT_VERSIONS)('wandb %s', (version) => {
    let client: Client;
    beforeAll(() => void (client = new Client(version, server)));
    afterAll(() => client[Symbol.dispose]());

    test('an exit code of 0 is finished, another one failed, with the code as the reason', async () => {
      const told = await client.run('states.py', ['many']);
      expect(told).toMatchObject({
        'state-code-0': 'finished',
        'state-code-3': 'failed',
        'state-preempting': 'preempted',
        'state-alerted': 'finished',
      });
      expect(await seen(client, 'state-code-0')).toMatchObject({ state: 'finished', exitCode: 0 });
      const failed = await seen(client, 'state-code-3');
      expect(failed).toMatchObject({ state: 'failed', exitCode: 3 });
      expect(failed.stateReason).toContain('3');
      expect((await seen(client, 'state-preempting')).state).toBe('preempted');
    });

    test('an alert is a line of the console', async () => {
      const { lines } = await server.rest<{ lines: { text: string; label: string | null; stderr: boolean }[] }>(
        `/projects/${entity}/${client.project}/runs/state-alerted/console`,
      );
      expect(lines).toMatchObject([{ text: 'ERROR: Loss – went up', label: 'alert', stderr: true }]);
    });

    test('an exception that nobody caught is failed with 1, sys.exit(5) with 5', async () => {
      const [raised, exited] = await Promise.all([
        client.start('states.py', ['raise']),
        client.start('states.py', ['exit']),
      ]);
      expect([raised.code, exited.code]).toEqual([1, 5]);
      expect(await seen(client, 'state-raise')).toMatchObject({ state: 'failed', exitCode: 1, rows: { history: 1 } });
      expect(await seen(client, 'state-exit')).toMatchObject({ state: 'failed', exitCode: 5 });
    });

    test('stop is told to the program, which hears it as Ctrl-C', async () => {
      const ending = client.run('states.py', ['stopped']);
      await until('the run logs', async () => (await seen(client, 'state-stopped')).rows.history > 0);
      await server.graphql('mutation S($id: ID!) { stopRun(input: {id: $id}) { success } }', {
        id: Buffer.from(`Run:v1:state-stopped:${client.project}:${entity}`).toString('base64'),
      });
      const { steps } = (await ending) as { steps: number };
      expect(steps).toBeGreaterThan(0);
      const run = await seen(client, 'state-stopped');
      expect(run.state).toBe('killed');
      expect(run.stateReason).toContain(entity);
      // The interrupt may come between a row and its being counted.
      expect([steps, steps + 1]).toContain(run.rows.history);
    });
  });

  test('a run whose process and client were killed is crashed when its heartbeat is lost', async () => {
    await using hasty = await ServerProcess.start(['--crash-after', '2']);
    using client = new Client('0.31.0', hasty);
    await client.start('states.py', ['killed']);
    await until('the run is crashed', async () => (await seen(client, 'state-killed', hasty)).state === 'crashed');
    const run = await seen(client, 'state-killed', hasty);
    expect(run.exitCode).toBeNull();
    expect(run.stateReason).toMatch(/heartbeat|silent|contact/);
    expect(run.rows.history).toBeGreaterThan(0);
  });
});
