import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import type { RunKey } from '../../../../core/model/run.ts';
import { readAllRows } from '../../stream-steps.contract.ts';
import { openSqliteStore } from '../open.ts';
import { consoleText, historyRow } from './killed-data.ts';

const PROGRAM = fileURLToPath(new URL('./ingest-until-killed.ts', import.meta.url));
const KILLS = Number(process.env['STREAM_KILLS'] ?? 5);

/** Lets a process write until it has had this many acknowledgements, then kills it; what it had acknowledged last, by run. */
async function killAfter(acknowledgements: number, args: readonly string[]): Promise<Map<number, readonly number[]>> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  const acknowledged = new Map<number, readonly number[]>();
  let left = acknowledgements;
  for await (const line of createInterface({ input: child.stdout })) {
    const [run = 0, ...lines] = line.split(' ').map(Number);
    acknowledged.set(run, lines);
    if (--left === 0) child.kill('SIGKILL');
  }
  expect(await exited).toBe('SIGKILL');
  return acknowledged;
}

test('killed at random moments: every acknowledged row is there once, and the store checks clean', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trackside-killed-'));
  const path = join(folder, 'store.db');
  const runs: RunKey[] = [];
  {
    await using store = await openSqliteStore({ path });
    await store.accounts.putUser({ username: 'ann', email: null, admin: true });
    const project = await store.projects.open('ann', 'killed', 'ann');
    for (const id of ['a', 'b', 'c']) {
      runs.push((await store.runs.open(project.key, id, { user: 'ann', at: 1, displayName: id }, {})).run.key);
    }
  }
  const known = new Map<number, readonly number[]>();
  for (let kill = 0; kill < KILLS; kill++) {
    const acknowledged = await killAfter(1 + Math.floor(Math.random() * 25), [path, ...runs.map(String)]);
    for (const [run, lines] of acknowledged) known.set(run, lines);
    await using store = await openSqliteStore({ path });
    expect(await store.check()).toEqual([]);
    for (const run of runs) {
      const [history = 0, output = 0] = known.get(run) ?? [];
      const rows = await readAllRows(store, run, 'history');
      expect(rows.length).toBeGreaterThanOrEqual(history);
      expect(rows.findIndex((row, line) => !isDeepStrictEqual(row, historyRow(line)))).toBe(-1);
      const { lines } = await store.streams.console({ run, from: 0, limit: 1e6 });
      expect(lines.length).toBeGreaterThanOrEqual(output);
      expect(lines.map(({ text }) => text)).toEqual(lines.map((_, line) => consoleText(line)));
    }
  }
  rmSync(folder, { recursive: true });
}, 180_000);
