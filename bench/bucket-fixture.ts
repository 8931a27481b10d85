import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RunKey } from '../src/core/model/run.ts';
import { openSqliteStore } from '../src/serve/store/sqlite/open.ts';
import type { Store } from '../src/serve/store/store.ts';
import { ServerProcess } from '../interop/server-process.ts';
import { metric, random } from './data.ts';

const FOLDER = fileURLToPath(new URL('./fixtures/', import.meta.url));
const CHUNK = 2 ** 18;
export const PROJECT = 'bench';
export const METRIC = 'train/loss';
/** A row is logged every tenth of a second, give or take. */
export const SECONDS_PER_ROW = 0.1;
export const STARTED_AT = 1_790_000_000;

/**
 * The path of a store with one project of `runs` runs, `run-0` and so on, each of `rows` rows: a noisy 64-bit metric,
 * `_step`, `_timestamp` and `_runtime`. Made through `store.append` the first time (about 0.5 s of CPU a million rows), then kept.
 */
export async function bucketFixture(runs: number, rows: number): Promise<string> {
  const path = `${FOLDER}buckets-${runs}x${rows}.sqlite`;
  if (existsSync(path)) return path;
  mkdirSync(FOLDER, { recursive: true });
  const unfinished = `${path}.unfinished`;
  for (const end of ['', '-wal', '-shm']) rmSync(unfinished + end, { force: true });
  const entity = await entityOf(unfinished);
  {
    await using store = await openSqliteStore({ path: unfinished });
    const project = (await store.projects.open(entity, PROJECT, entity)).key;
    for (let i = 0; i < runs; i++) {
      const made = { user: entity, at: 1_000 * STARTED_AT, displayName: `run ${i}` };
      const { run } = await store.runs.open(project, `run-${i}`, made, {});
      await fill(store, run.key, rows, i + 1);
      await store.runs.changeState(run.key, { to: 'finished', reason: null, exitCode: 0, at: made.at });
    }
    await store.streams.settled();
  }
  renameSync(unfinished, path);
  return path;
}

/** The entity of a local server's one user. */
async function entityOf(store: string): Promise<string> {
  await using server = await ServerProcess.start(['--store', `sqlite:${store}`]);
  return (await server.graphql<{ viewer: { entity: string } }>('{ viewer { entity } }')).viewer.entity;
}

async function fill(store: Store, run: RunKey, rows: number, seed: number): Promise<void> {
  const noise = metric('noisy64', Math.min(rows, 4 * CHUNK), seed);
  const jitter = random(seed);
  for (let from = 0; from < rows; from += CHUNK) {
    const length = Math.min(CHUNK, rows - from);
    const column = (value: (row: number) => number) => Float64Array.from({ length }, (_, i) => value(from + i));
    const runtime = column((row) => Number((row * SECONDS_PER_ROW + jitter() * 0.01).toFixed(9)));
    await store.streams.append(run, 'history', {
      [METRIC]: column((row) => noise[row % noise.length] as number),
      _step: column((row) => row),
      _timestamp: runtime.map((seconds) => STARTED_AT + seconds),
      _runtime: runtime,
    });
  }
  await store.streams.settle(run);
}
