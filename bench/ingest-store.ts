import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../src/serve/store/sqlite/open.ts';
import type { StoreSize } from '../src/serve/store/store.ts';
import { FileStreamScanner } from '../src/track/wire/file-stream.ts';
import { KINDS, noisyKinds, trainingBodies } from './data.ts';
import { median } from './statistics.ts';

/**
 * Ingest without HTTP: how fast bodies are scanned, and how fast a store makes them durable and seals them, all its
 * threads counted. Points are values that the script logged; `_step`, `_timestamp` and `_runtime` are not counted.
 */
const KEYS = 10;
const ROWS_PER_BODY = 100;
const REPEATS = Number(process.env['REPEATS'] ?? 3);
const IN_FLIGHT = 2;

interface Cost {
  readonly points: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

async function timed(points: number, work: () => Promise<void> | void): Promise<Cost> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { points, seconds: (performance.now() - start) / 1e3, cpuSeconds: (user + system) / 1e6 };
}

function told({ points, seconds, cpuSeconds }: Cost): string {
  const million = (rate: number) => `${(rate / 1e6).toFixed(2)} M`;
  return `${million(points / seconds)} points/s, ${million(points / cpuSeconds)} points per CPU second`;
}

function perPoint(size: StoreSize, points: number): string {
  return Object.entries(size)
    .map(([part, bytes]) => `${part} ${((bytes as number) / points).toFixed(2)}`)
    .join(', ');
}

async function scan(bodies: readonly Uint8Array[], rows: number): Promise<Cost> {
  const scanner = new FileStreamScanner();
  return await timed(rows * KEYS, () => {
    for (const body of bodies) scanner.scan(body);
  });
}

async function store(
  bodies: readonly Uint8Array[],
  runs: number,
  rows: number,
): Promise<{ ingest: Cost; all: Cost; open: StoreSize; finished: StoreSize }> {
  const folder = mkdtempSync(join(tmpdir(), 'trackside-bench-'));
  const opened = await openSqliteStore({ path: join(folder, 'store.db') });
  await opened.accounts.putUser({ username: 'bench', email: null, admin: true });
  const project = await opened.projects.open('bench', 'bench', 'bench');
  const keys = await Promise.all(
    Array.from({ length: runs }, async (_, i) => {
      const { run } = await opened.runs.open(project.key, `run${i}`, { user: 'bench', at: 0, displayName: '' }, {});
      return run.key;
    }),
  );
  const points = runs * rows * KEYS;
  const send = async () => {
    await Promise.all(
      keys.map(async (key) => {
        const flying: Promise<unknown>[] = [];
        for (const body of bodies) {
          flying.push(opened.streams.ingest(key, '', body.slice(), 0));
          if (flying.length >= IN_FLIGHT) await flying.shift();
        }
        await Promise.all(flying);
      }),
    );
  };
  const cpu = process.cpuUsage();
  const start = performance.now();
  const ingest = await timed(points, send);
  const open = await opened.size();
  for (const key of keys) await opened.streams.settle(key);
  await opened.streams.settled();
  const { user, system } = process.cpuUsage(cpu);
  const all = { points, seconds: (performance.now() - start) / 1e3, cpuSeconds: (user + system) / 1e6 };
  await opened[Symbol.asyncDispose]();
  const again = await openSqliteStore({ path: join(folder, 'store.db') });
  const finished = await again.size();
  await again[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
  return { ingest, all, open, finished };
}

for (const [name, kinds] of [
  ['noisy 64-bit values', noisyKinds],
  ['mixed kinds', KINDS],
] as const) {
  const rows = 20_000;
  const texts = trainingBodies({ rows, rowsPerBody: ROWS_PER_BODY, keys: KEYS, kinds });
  const bodies = texts.map((text) => new TextEncoder().encode(text));
  const scans: Cost[] = [];
  for (let i = 0; i < REPEATS + 1; i++) scans.push(await scan(bodies, rows));
  const perCpu = median(scans.slice(1).map((cost) => cost.points / cost.cpuSeconds));
  console.log(`${name}: scan ${(perCpu / 1e6).toFixed(2)} M points per CPU second (each row has 3 numbers more)`);
  for (const runs of [1, 8]) {
    const results = [];
    for (let i = 0; i < REPEATS; i++) results.push(await store(bodies, runs, rows));
    results.sort((a, b) => a.all.cpuSeconds - b.all.cpuSeconds);
    const middle = results[Math.floor(results.length / 2)] as (typeof results)[number];
    console.log(`${name}, ${runs} runs: ingest ${told(middle.ingest)}; with all sealed ${told(middle.all)}`);
    console.log(`  open:     ${perPoint(middle.open, middle.all.points)}`);
    console.log(`  finished: ${perPoint(middle.finished, middle.all.points)}`);
  }
}
