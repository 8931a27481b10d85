/**
 * The first page of a runs table: 10,000 runs with 100 config keys and 100 summary keys, filtered, sorted by a metric, 100
 * rows with all 200 columns. Warm, cold (a reader's first request), and while 32 runs are being written.
 * `node bench/runs-table.ts [--runs 10000]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { LooseJson, ProjectKey, RunKey } from '../src/core/model/run.ts';
import type { RunField } from '../src/core/query/run-field.ts';
import { parseFilter } from '../src/core/query/filter-text.ts';
import { parseRunOrder } from '../src/core/query/run-order.ts';
import type { RunStore } from '../src/serve/store/runs.ts';
import { sqliteAccounts } from '../src/serve/store/sqlite/catalog/account-store.ts';
import { sqliteProjects } from '../src/serve/store/sqlite/catalog/project-store.ts';
import { sqliteRuns } from '../src/serve/store/sqlite/catalog/run-store.ts';
import { Threads } from '../src/serve/store/sqlite/threads.ts';

const KEYS = 100;
const PAGE = 100;
const WRITERS = 32;

const { values } = parseArgs({ options: { runs: { type: 'string', default: '10000' } } });
const runs = Number(values.runs);
const folder = mkdtempSync(join(tmpdir(), 'trackside-bench-'));
const threads = await Threads.open(join(folder, 'store.sqlite'), 1);
try {
  await bench();
} finally {
  await threads.close();
  rmSync(folder, { recursive: true });
}

async function bench(): Promise<void> {
  const store = sqliteRuns(threads);
  await sqliteAccounts(threads).putUser({ username: 'ann', email: null, admin: true });
  const { key: project } = await sqliteProjects(threads).open('ann', 'bench', 'ann');
  const keys: RunKey[] = [];
  for (let i = 0; i < runs; i += 100) {
    const made = await Promise.all(
      Array.from({ length: Math.min(100, runs - i) }, (_, j) => openRun(store, project, i + j)),
    );
    keys.push(...made);
  }
  console.log(`${runs} runs, ${2 * KEYS} columns, page of ${PAGE}`);
  console.log(`cold: ${(await timed(() => firstPage(store, project))).toFixed(1)} ms`);
  await report('warm', store, project);

  let writing = true;
  let written = 0;
  const writers = keys.slice(0, WRITERS).map(async (key) => {
    while (writing) {
      await store.edit(key, { summary: summaryOf(written++) });
    }
  });
  await report(`while ${WRITERS} runs are written`, store, project);
  writing = false;
  await Promise.all(writers);
  console.log(`(${written} summaries were written meanwhile)`);
}

async function report(title: string, store: RunStore, project: ProjectKey): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < 60; i++) times.push(await timed(() => firstPage(store, project)));
  times.sort((a, b) => a - b);
  console.log(`${title}: median ${times[30]?.toFixed(1)} ms, 95th percentile ${times[57]?.toFixed(1)} ms`);
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

async function timed(act: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}
