import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BUILT, ServerProcess } from '../interop/server-process.ts';
import { KINDS, noisyKinds, trainingBodies } from './data.ts';
import { cpuSeconds, folderBytes, residentMb } from './process-figures.ts';
import { median, quantile } from './statistics.ts';

/**
 * Ingest through the file-stream endpoint of the built server: durable before the reply, bodies in the client's own form.
 * Points are values that the script logged; `_step`, `_timestamp` and `_runtime` are not counted. The generator's CPU is not
 * counted either, but it shares the machine.
 */
const ROWS_PER_BODY = 100;
const KEYS = 10;
const REPEATS = Number(process.env['REPEATS'] ?? 3);

interface Figures {
  readonly pointsPerSecond: number;
  readonly pointsPerCpuSecond: number;
  readonly ackP50Ms: number;
  readonly ackP95Ms: number;
  readonly residentMb: number;
  readonly bytesOpen: number;
  readonly bytesFinished: number;
}

async function measure(runs: number, rows: number, kinds: readonly string[]): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'trackside-bench-'));
  await using server = await ServerProcess.start([], BUILT);
  const bodies = join(folder, 'bodies');
  writeFileSync(bodies, trainingBodies({ rows, rowsPerBody: ROWS_PER_BODY, keys: KEYS, kinds }).join('\n'));
  const { viewer } = await server.graphql<{ viewer: { entity: string } }>('{ viewer { entity } }');
  const names = Array.from({ length: runs }, (_, index) => `run-${index}`);
  for (const name of names) {
    await server.graphql('mutation($n: String!) { upsertBucket(input: {name: $n, modelName: "bench"}) { inserted } }', {
      n: name,
    });
  }
  const load = { url: server.url, apiKey: server.apiKey, entity: viewer.entity, project: 'bench', runs: names, bodies };
  const child = fork(fileURLToPath(new URL('./ingest-load.ts', import.meta.url)), [JSON.stringify(load)]);
  await new Promise((resolve) => child.once('message', resolve));
  const before = cpuSeconds(server.pid);
  let resident = 0;
  const watch = setInterval(() => (resident = Math.max(resident, residentMb(server.pid))), 50);
  const told = new Promise<{ seconds: number; acknowledged: number[] }>((resolve, reject) => {
    child.once('message', resolve as (message: unknown) => void);
    child.once('exit', () => reject(new Error('the load ended early')));
  });
  child.send('go');
  const { seconds, acknowledged } = await told;
  clearInterval(watch);
  const points = runs * rows * KEYS;
  const bytesOpen = folderBytes(server.home) / points;
  for (const name of names) await finish(server, viewer.entity, name);
  await still(server.home);
  const cpu = cpuSeconds(server.pid) - before;
  const bytesFinished = folderBytes(server.home) / points;
  rmSync(folder, { recursive: true });
  return {
    pointsPerSecond: points / seconds,
    pointsPerCpuSecond: points / cpu,
    ackP50Ms: median(acknowledged),
    ackP95Ms: quantile(acknowledged, 0.95),
    residentMb: resident,
    bytesOpen,
    bytesFinished,
  };
}

async function finish(server: ServerProcess, entity: string, run: string): Promise<void> {
  const response = await fetch(`${server.url}/files/${entity}/bench/${run}/file_stream`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.apiKey}` },
    body: '{"complete":true,"exitcode":0}',
  });
  if (!response.ok) throw new Error(`finish: ${response.status}`);
}

/** Waits until the folder's size has not changed for two seconds: everything is sealed and folded in. */
async function still(folder: string): Promise<void> {
  for (let last = -1, same = 0; same < 8;) {
    const now = folderBytes(folder);
    same = now === last ? same + 1 : 0;
    last = now;
    await sleep(250);
  }
}

for (const [what, kinds] of [
  ['noisy 64-bit values', noisyKinds],
  ['mixed kinds', KINDS],
] as const) {
  for (const [runs, rows] of [
    [1, 100_000],
    [8, 40_000],
    [32, 10_000],
  ] as const) {
    const all: Figures[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat++) all.push(await measure(runs, rows, kinds));
    const figures = Object.fromEntries(
      (Object.keys(all[0]!) as (keyof Figures)[]).map((name) => [
        name,
        Number(median(all.map((one) => one[name])).toPrecision(4)),
      ]),
    );
    console.log(JSON.stringify({ what, runs, rows, keys: KEYS, repeats: REPEATS, ...figures }));
  }
}
