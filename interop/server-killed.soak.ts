import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Client } from './client-process.ts';
import { CLIENT_VERSIONS, isPythonSkipped, runProgram } from './python.ts';
import { ServerProcess, SOURCE } from './server-process.ts';
import { until } from './until.ts';

const KILLS = 36;

describe.skipIf(isPythonSkipped())('a server that is killed under clients at work', () => {
  test(`${KILLS} times: every row is there once, the clients carry on by themselves, the store checks clean`, async () => {
    await using server = await ServerProcess.start();
    const { viewer } = await server.graphql<{ viewer: { entity: string } }>('{ viewer { entity } }');
    const clients = CLIENT_VERSIONS.map((version) => new Client(version, server));
    const end = join(server.home, 'enough');
    const env = { WANDB_PROJECT: 'under-fire' };
    const rowsOf = async (id: string) => {
      const path = `/projects/${viewer.entity}/under-fire/runs/${id}`;
      return (await server.rest<{ rows: { history: number } }>(path)).rows.history;
    };

    const names = clients.map((_, number) => `fire-${number}`);
    const endings = Promise.all(
      clients.map((client, number) => client.run('under-fire.py', [`fire-${number}`, end], env, 600_000)),
    );
    try {
      for (const id of names) await until(`${id} logs`, async () => (await rowsOf(id)) > 0);
      for (let kill = 0; kill < KILLS; kill++) {
        // Any moment of ingest will do, the more different the better.
        await sleep(Math.random() * 1_000);
        await server.restart();
        for (const id of names) {
          const before = await rowsOf(id);
          await until(`${id} carries on`, async () => (await rowsOf(id)) > before);
        }
      }
    } finally {
      writeFileSync(end, ''); // the programs end, also when this fails
    }

    const steps = (await endings) as number[];
    for (const [number, id] of names.entries()) {
      const rows: unknown[] = [];
      for (let minStep = 0; minStep <= (steps[number] ?? 0); minStep += 5_000) {
        const { project } = await server.graphql<{ project: { run: { state: string; history: string[] } } }>(
          `query H($r: String!, $from: Int64, $to: Int64) { project(name: "under-fire") { run(name: $r) {
             state history(minStep: $from, maxStep: $to, samples: 10000) } } }`,
          { r: id, from: minStep, to: minStep + 5_000 },
        );
        expect(project.run.state).toBe('finished');
        rows.push(...project.run.history.map((row) => JSON.parse(row) as unknown));
      }
      expect(rows).toEqual(
        Array.from({ length: steps[number] ?? 0 }, (_, step) =>
          expect.objectContaining({ x: step, half: step / 2, word: `s${step}`, _step: step }),
        ),
      );
    }
    for (const client of clients) client[Symbol.dispose]();

    await server.kill();
    const doctor = await runProgram(process.execPath, [SOURCE, 'doctor', '--data', server.home], {
      cwd: server.home,
      env: { ...process.env, TRACKSIDE_HOME: server.home },
    });
    expect(doctor).toMatchObject({ code: 0 });
  }, 600_000);
});
