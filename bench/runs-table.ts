/**
 * The first page of a runs table: 10,000 runs with 100 config keys and 100 summary keys, filtered, sorted by a metric, 100
 * rows with all 200 columns. Warm, cold (a reader's first request), and while 32 runs are being written.
 * `node bench/runs-table.ts [--runs 10000]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { LooseJson, ProjectKey, RunKey } from '../src/core/model/run.ts';
import type { RunField } from '../src/core/query/run-field.ts';
import { parseFilter } from '../src/core/query/filter-text.ts';
import { parseRunOrder } from '../src/core/query/run-order.ts';
import type { RunStore } from '../src/serve/store/runs.ts';
import { openSqliteStore } from '../src/serve/store/sqlite/open.ts';
import type { Store } from '../src/serve/store/store.ts';
import { median, quantile } from './statistics.ts';

const KEYS = 100;
const PAGE = 100;
const WRITERS = 32;
/** Some hundred times as often as a client sends a summary. */
const WRITE_EVERY_MS = 50;

const { values } = parseArgs({ options: { runs: { type: 'string', default: '10000' } } });
const runs = Number(values.runs);
const folder = mkdtempSync(join(tmpdir(), 'trackside-bench-'));
try {
  await using store = await openSqliteStore({ path: join(folder, 'store.sqlite') });
  await bench(store);
} finally {
  rmSync(folder, { recursive: true });
}

async function bench({ accounts, projects, runs: store }: Store): Promise<void> {
  await accounts.putUser({ username: 'ann', email: null, admin: true });
  const { key: project } = await projects.open('ann', 'bench', 'ann');
  const keys: RunKey[] = [];
  for (let i = 0; i < runs; i += 100) {
    const made = await Promise.all(
      Array.from({ length: Math.min(100, runs - i) }, (_, j) => openRun(store, project, i + j)),
    );
    keys.push(...made);
  }
  console.log(`${runs} runs, ${2 * KEYS} columns, page of ${PAGE}`);
  console.log(`cold: ${(await timed(() => firstPage(store, project))).toFixed(1)} ms`);
  await report('warm', () => firstPage(store, project));
  await report('filtered by a pattern and a text', () => searched(store, project));
  await report('columns of the project', () => store.columns(project));

  const stop = new AbortController();
  let written = 0;
  const writers = keys.slice(0, WRITERS).map(async (key) => {
    while (!stop.signal.aborted) {
      await store.edit(key, { summary: summaryOf(written++) });
      await setTimeout(WRITE_EVERY_MS);
    }
  });
  await report(`while ${WRITERS} runs are written`, () => firstPage(store, project));
  stop.abort();
  await Promise.all(writers);
  console.log(`(${written} summaries were written meanwhile)`);
}

async function report(title: string, act: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  const cpu = process.cpuUsage();
  for (let i = 0; i < 60; i++) times.push(await timed(act));
  const { user, system } = process.cpuUsage(cpu);
  const [typical, bad] = [median(times), quantile(times, 0.95)].map((time) => time.toFixed(1));
  console.log(
    `${title}: median ${typical} ms, 95th percentile ${bad} ms, CPU ${((user + system) / 60_000).toFixed(1)} ms`,
  );
}

async function searched(store: RunStore, project: ProjectKey): Promise<void> {
  const filter = parseFilter('heron name~"-\\d*7$" or model:eo1');
  const order = parseRunOrder('-config.k1,name');
  await store.table({ project, filter, order, offset: 0, limit: PAGE }, columns());
}

async function firstPage(store: RunStore, project: ProjectKey): Promise<void> {
  const filter = parseFilter('state:running config.k3>=0.25 not summary.m7<0.1');
  const order = parseRunOrder('-summary.m1');
  const { total, rows } = await store.table({ project, filter, order, offset: 0, limit: PAGE }, columns());
  if (rows.length !== PAGE || total < runs / 3)
    throw new Error(`the page is not the one meant: ${rows.length} of ${total}`);
}

function columns(): RunField[] {
  const of = (section: 'config' | 'summary', letter: string) =>
    Array.from({ length: KEYS }, (_, i): RunField => ({ of: section, path: `${letter}${i}` }));
  return [...of('config', 'k'), ...of('summary', 'm')];
}

async function openRun(store: RunStore, project: ProjectKey, i: number): Promise<RunKey> {
  const made = { user: 'ann', at: 1_700_000_000_000 + i, displayName: `swift-heron-${i}` };
  const config = JSON.stringify(
    Object.fromEntries(
      Array.from({ length: KEYS }, (_, k) => [`k${k}`, { value: k % 5 === 4 ? `text ${i % 7}` : Math.random() }]),
    ),
  ) as LooseJson;
  const { run } = await store.open(project, `run${i}`, made, {
    config,
    summary: summaryOf(i),
    tags: [`model:eo${i % 3}`],
  });
  await store.changeState(run.key, { to: 'running', reason: null, at: made.at });
  return run.key;
}

function summaryOf(step: number): LooseJson {
  const metrics = Array.from({ length: KEYS }, (_, k) => [`m${k}`, Math.random()]);
  return JSON.stringify({
    ...Object.fromEntries(metrics),
    _step: step,
    _runtime: step / 10,
    _timestamp: 1_700_000_000 + step,
  }) as LooseJson;
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}
