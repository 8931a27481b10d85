import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { must } from '../../../../core/base/assert.ts';
import { openSqliteStore } from '../open.ts';

const CHILD = fileURLToPath(new URL('./writing-child.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'trackside-killed-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('killed again and again, the catalog holds what was acknowledged and checks clean', async () => {
  const path = join(folder, 'store.sqlite');
  const told = { opened: new Set<string>(), deleting: new Set<string>(), deleted: new Set<string>() };
  for (let round = 0; round < 4; round++) {
    await writeUntilKilled(path, round, 6 + round * 9, (what, id) => told[what].add(id));
  }
  await using store = await openSqliteStore({ path });
  expect(await store.check()).toEqual([]);
  const { key } = must(await store.projects.find('ann', 'killed'));
  const { runs } = await store.runs.list({ project: key, filter: null, order: [], offset: 0, limit: 100_000 });
  const there = new Map(runs.map((run) => [run.id, run]));
  const kept = [...told.opened].filter((id) => !told.deleting.has(id));
  expect(kept.filter((id) => !there.get(id)?.summary.startsWith(`{"id":"${id}"`))).toEqual([]);
  expect([...told.deleted].filter((id) => there.has(id))).toEqual([]);
  // The files of deleted runs come up for removal, also of those whose deletion the kill interrupted.
  const files = [...told.deleted].map((id) => `blob ${id}`);
  await expect.poll(() => store.files.orphans(100_000)).toEqual(expect.arrayContaining(files));
  expect(told.deleted.size).toBeGreaterThan(3);
});

async function writeUntilKilled(
  path: string,
  round: number,
  lines: number,
  hear: (what: 'opened' | 'deleting' | 'deleted', id: string) => void,
): Promise<void> {
  const child = spawn(process.execPath, [CHILD, path, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  let heard = 0;
  for await (const line of createInterface(child.stdout)) {
    const [what, id] = line.split(' ') as ['opened' | 'deleting' | 'deleted', string];
    hear(what, id);
    if (++heard === lines) child.kill('SIGKILL');
  }
  await ended;
}
