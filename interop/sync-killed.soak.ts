import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Programs } from '../src/track/tracker/tracked-program.ts';
import { syncLog } from '../src/track/uplink/sync.ts';
import { ServerProcess } from './server-process.ts';
import { until } from './until.ts';

const ROUNDS = 20;

test('programs and the server are killed at random moments: after a sync every row that log() took is there, once', async () => {
  await using server = await ServerProcess.start();
  await using programs = new Programs(server.url, server.apiKey);
  for (let round = 0; round < ROUNDS; round++) {
    // Every other run gets its id from outside, so that where its lines count from is settled only with the server.
    const id = round % 2 === 0 ? `id: 'k${round}',` : '';
    const program = programs.start(`
      import { openSync, writeSync } from 'node:fs';
      const run = init({ project: 'soak', name: 'k${round}', ${id} settings: { readMachineEveryMs: 20 } });
      const told = openSync('told-${round}', 'w');
      const spin = () => { const until = performance.now() + 0.5; while (performance.now() < until); };
      for (let i = 0; ; i++) { run.log({ i, noise: Math.random(), text: 'x'.repeat(i % 3000) }); writeSync(told, i + '\\n', 0); spin(); }
    `);
    await until('the first row', async () => existsSync(join(programs.folder, `told-${round}`)));
    await sleep(Math.random() * 3000);
    if (round % 3 === 0) {
      await server.kill();
      await sleep(Math.random() * 1000);
    }
    program.child.kill('SIGKILL');
    await program.ended;
    if (round % 3 === 0) await server.restart();
  }
  for (let time = 0; time < 2; time++) {
    for (const log of programs.logs()) {
      const outcome = await syncLog(log, {
        server,
        force: true,
        patienceMs: 60_000,
        on: { started: () => undefined, notice: () => undefined, progress: () => undefined },
      });
      expect(outcome).toMatchObject({ kind: 'synced', damage: null, open: false });
    }
    await check(server, programs.folder);
  }
});

async function check(server: ServerProcess, folder: string): Promise<void> {
  const { viewer } = await server.graphql<{ viewer: { entity: string } }>('{ viewer { entity } }');
  const path = `/projects/${viewer.entity}/soak/runs`;
  const { runs } = await server.rest<{ runs: { id: string; displayName: string; state: string }[] }>(
    `${path}?limit=100`,
  );
  expect(runs).toHaveLength(ROUNDS);
  for (const { id, displayName, state } of runs) {
    const told = Number(readFileSync(join(folder, displayName.replace('k', 'told-')), 'utf8').split('\n')[0]);
    const { rows } = await server.rest<{ rows: { i: number }[] }>(`${path}/${id}/rows?limit=10000&keys=i`);
    expect(rows.length).toBeGreaterThan(told);
    expect(rows.map((row) => row.i)).toEqual(rows.map((_, index) => index));
    expect(state).toBe('failed');
  }
}
