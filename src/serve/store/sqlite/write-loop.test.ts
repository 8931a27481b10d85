import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from 'vitest';
import { Refusal } from '../../../core/model/refusal.ts';
import type { WriteContext } from './operations.ts';
import type { Reply } from './thread-message.ts';
import { WriteLoop } from './write-loop.ts';

const opened: DatabaseSync[] = [];
afterEach(() => opened.splice(0).forEach((db) => db.close()));

/** A loop over a database in memory with a table of numbers. */
function scratch(pagesMax?: number) {
  const db = new DatabaseSync(':memory:');
  opened.push(db);
  db.exec('create table number (value integer primary key, filler blob) strict');
  if (pagesMax !== undefined) db.exec(`pragma max_page_count = ${pagesMax}`);
  const memory = new Set<number>();
  const events: string[] = [];
  const operations = {
    add({ db, onRollback, afterCommit }: WriteContext, value: number) {
      memory.add(value);
      onRollback(() => memory.delete(value));
      afterCommit(() => events.push(`committed ${value}`));
      db.prepare('insert into number values (?, null)').run(value);
      if (value < 0) throw new Refusal('bad_request', `${value} is negative`);
      return value * 2;
    },
    fill({ db }: WriteContext, value: number) {
      db.prepare('insert into number values (?, zeroblob(40000))').run(value);
    },
    later({ idle }: WriteContext, times: number) {
      idle('later', () => {
        events.push('slice');
        return --times === 0;
      });
    },
  };
  const replies: Reply[] = [];
  const groups: number[] = [];
  let id = 0;
  let arrived: () => void = () => undefined;
  const loop = new WriteLoop(db, operations, (group) => {
    groups.push(group.length);
    replies.push(...group);
    arrived();
  });
  return {
    memory,
    events,
    groups,
    values: () =>
      (db.prepare('select value from number order by value').all() as { value: number }[]).map((row) => row.value),
    /** Sends the calls at once and waits for all replies. */
    async call(...calls: readonly (readonly [keyof typeof operations, number])[]): Promise<readonly Reply[]> {
      replies.length = 0;
      for (const [op, value] of calls) loop.take({ id: ++id, op, args: [value] });
      while (replies.length < calls.length) await new Promise<void>((resolve) => (arrived = resolve));
      return replies;
    },
  };
}

test('calls that arrive together are one commit, answered together', async () => {
  const store = scratch();
  const replies = await store.call(['add', 1], ['add', 2], ['add', 3]);
  expect(replies).toEqual([
    { id: 1, value: 2 },
    { id: 2, value: 4 },
    { id: 3, value: 6 },
  ]);
  expect(store.groups).toEqual([3]);
});

test('a call that is refused is undone alone, in the database and in memory', async () => {
  const store = scratch();
  const replies = await store.call(['add', 1], ['add', -2], ['add', 3]);
  expect(replies[1]).toMatchObject({ refused: { code: 'bad_request' } });
  expect(store.values()).toEqual([1, 3]);
  expect([...store.memory]).toEqual([1, 3]);
  expect(store.events).toEqual(['committed 1', 'committed 3']);
});

test('a full disk refuses what does not fit, says that a retry makes sense, and keeps the store going', async () => {
  const store = scratch(12);
  const replies = await store.call(['add', 1], ['fill', 2], ['fill', 3]);
  const refused = replies.filter((reply) => 'refused' in reply);
  expect(refused.length).toBeGreaterThan(0);
  for (const reply of refused) expect(reply).toMatchObject({ refused: { code: 'unavailable', retryAfterS: 2 } });
  const kept = replies.filter((reply) => 'value' in reply).length;
  expect(store.values()).toHaveLength(kept);
  expect(await store.call(['add', 9])).toMatchObject([{ value: 18 }]);
});

test('idle work runs in slices, and a call that arrives goes first', async () => {
  const store = scratch();
  await store.call(['later', 3]);
  await store.call(['add', 1]);
  while (store.events.filter((event) => event === 'slice').length < 3)
    await new Promise((resolve) => setImmediate(resolve));
  expect(store.events.indexOf('committed 1')).toBeLessThan(store.events.lastIndexOf('slice'));
});
