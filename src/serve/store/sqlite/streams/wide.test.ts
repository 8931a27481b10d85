import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileStreamBody, FILES } from '../../stream-steps.contract.ts';
import { openSqliteStore } from '../open.ts';

const KEYS = 500;
const ROWS = 4_300;
const ROWS_PER_BODY = 430;

/** Every key in most rows, some in a third of them, with text among the numbers. */
function row(line: number): Readonly<Record<string, number | string>> {
  const members = Array.from({ length: KEYS }, (_, key) => [`k${key}`, (line * (key + 1)) % 1_000] as const);
  return Object.fromEntries([...members.filter((_, key) => key % 10 > 0 || line % 3 === 0), ['name', `row ${line}`]]);
}

test('a segment too large to be gathered at once is sealed some keys at a time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trackside-wide-'));
  {
    await using store = await openSqliteStore({ path: join(folder, 'store.db') });
    await store.accounts.putUser({ username: 'ann', email: null, admin: true });
    const project = await store.projects.open('ann', 'wide', 'ann');
    const { run } = await store.runs.open(project.key, 'wide', { user: 'ann', at: 0, displayName: 'wide' }, {});
    for (let offset = 0; offset < ROWS; offset += ROWS_PER_BODY) {
      const content = Array.from({ length: ROWS_PER_BODY }, (_, i) => JSON.stringify(row(offset + i)));
      await store.streams.ingest(run.key, '', fileStreamBody({ [FILES.history]: { offset, content } }), 1);
    }
    await store.streams.settle(run.key);
    await store.streams.settled();
    expect(await store.size()).toMatchObject({ tail: 8_192 });
    for (const fromRow of [0, 1_000, 4_095, 4_299]) {
      const page = await store.streams.rows({ run: run.key, stream: 'history', fromRow, limit: 1 });
      expect(page.rows.map((text) => JSON.parse(text) as unknown)).toEqual([row(fromRow)]);
    }
    const keys = await store.streams.keys(run.key, 'history');
    expect(keys.find(({ key }) => key === 'k499')).toEqual({
      key: 'k499',
      counts: { number: ROWS },
      last: 500,
      min: 0,
      max: 500,
    });
    expect(keys.find(({ key }) => key === 'k10')?.counts).toEqual({ number: 1_434 });
    expect(await store.check()).toEqual([]);
  }
  rmSync(folder, { recursive: true });
});
