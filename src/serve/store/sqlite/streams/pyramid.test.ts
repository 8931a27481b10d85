import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunKey } from '../../../../core/model/run.ts';
import type { Store } from '../../store.ts';
import { openSqliteStore } from '../open.ts';
import { checkPyramid } from './pyramid-check.ts';

const folder = mkdtempSync(join(tmpdir(), 'trackside-pyramid-'));
const path = join(folder, 'store.db');
const ROWS = 5 * 65_536 + 1_000;
let store: Store;
let run: RunKey;

beforeAll(async () => {
  store = await openSqliteStore({ path });
  await store.accounts.putUser({ username: 'ann', email: null, admin: true });
  const project = (await store.projects.open('ann', 'pyramid', 'ann')).key;
  run = (await store.runs.open(project, 'run', { user: 'ann', at: 1, displayName: 'a run' }, {})).run.key;
  const lines = Array.from({ length: 10 }, (_, row) => `{"_step":${row},"loss":0.5,"early":${row}}`);
  const body = JSON.stringify({ files: { 'wandb-history.jsonl': { offset: 0, content: lines } } });
  await store.streams.ingest(run, '', new TextEncoder().encode(body), 1);
  const column = (value: (row: number) => number) => Float64Array.from({ length: ROWS }, (_, row) => value(row));
  await store.streams.append(run, 'history', {
    _step: column((row) => 10 + row),
    loss: column((row) => Math.sin(row)),
  });
  await store.streams.settle(run);
  await store.streams.settled();
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** What the check says of the only stream once `change` was done, which is undone again. */
function findings(change?: string): string[] {
  const db = new DatabaseSync(path, { timeout: 10_000 });
  const messages: string[] = [];
  try {
    db.exec('begin immediate'); // the store may be folding its log into the file just now
    if (change !== undefined) db.exec(change);
    checkPyramid(db, 1, (message) => messages.push(message));
    db.exec('rollback');
  } finally {
    db.close();
  }
  return messages;
}

test('every page is there and holds what its rows do', () => {
  expect(findings()).toEqual([]);
  const db = new DatabaseSync(path, { readOnly: true });
  const levels = db.prepare('select level, count(*) as pages from page group by level order by level').all();
  db.close();
  expect(levels.map((row) => ({ ...row }))).toEqual([
    { level: 6, pages: 11 },
    { level: 8, pages: 3 },
  ]);
});

test('a page that is missing, damaged or too many is found', () => {
  const first = 'where level = 6 and number = 3 and key = (select min(key) from page)';
  expect(findings(`delete from page ${first}`)).toEqual([
    'page 3 of level 6 of key ["_step"] is missing',
    'there are 13 pages where 14 should be',
  ]);
  expect(
    findings(`update page set body = (select body from page where level = 6 and number = 4 limit 1) ${first}`),
  ).toEqual(['page 3 of level 6 of key ["_step"] is not what its rows hold']);
  expect(findings('insert into page select stream, 99, level, number, body from page limit 1')).toHaveLength(1);
  expect(findings('update pyramid set segments = 96')).not.toEqual([]);
});

test('rewinding leaves the pages that end before the cut', async () => {
  await store.streams.rewind(run, 3 * 65_536 + 10);
  expect(findings()).toEqual([]);
  const db = new DatabaseSync(path, { readOnly: true });
  const pages = db.prepare('select level, count(*) as pages from page group by level').all();
  db.close();
  expect(pages.map((row) => ({ ...row }))).toEqual([{ level: 6, pages: 7 }]);
});

test('pages cost less than a byte a point', async () => {
  const { pyramid } = await store.size();
  expect(pyramid / (3 * 65_536)).toBeLessThan(1);
});
