import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ProjectKey, RunKey } from '../../../../core/model/run.ts';
import type { IngestOutcome, RowPage } from '../../streams.ts';
import { fileStreamBody, FILES } from '../../stream-steps.contract.ts';
import { openWriter } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { readOperations } from '../read-operations.ts';
import type { Reply } from '../thread-message.ts';
import { WriteLoop } from '../write-loop.ts';
import { writeOperations } from '../write-operations.ts';

/** The writing thread's loop over a database whose size can be limited. */
function writer() {
  const folder = mkdtempSync(join(tmpdir(), 'trackside-full-'));
  const db = openWriter(join(folder, 'store.db'));
  migrate(db);
  const waiting = new Map<number, (reply: Reply) => void>();
  const loop = new WriteLoop(db, writeOperations, (replies) =>
    replies.forEach((reply) => waiting.get(reply.id)?.(reply)),
  );
  onTestFinished(() => {
    loop.drain();
    db.close();
    rmSync(folder, { recursive: true });
  });
  let id = 0;
  const call = (op: keyof typeof writeOperations, ...args: unknown[]): Promise<Reply> =>
    new Promise((resolve) => {
      waiting.set(++id, resolve);
      loop.take({ id, op, args });
    });
  return { db, call };
}

async function valueOf<T>(reply: Promise<Reply>): Promise<T> {
  const got = await reply;
  if ('value' in got) return got.value as T;
  throw new Error(JSON.stringify(got));
}

/** Lines of a run that differ from each other in every digit, with a key of their own now and then. */
function lines(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const line = from + i;
    return JSON.stringify({
      _step: line,
      loss: Math.sin(line),
      [`at${Math.floor(line / 500)}`]: Math.cos(line),
      s: `${line}`,
    });
  });
}

test('a full disk refuses for a while; afterwards nothing is missing, twice or mixed up', async () => {
  const { db, call } = writer();
  await valueOf(call('putUser', { username: 'ann', email: null, admin: true }, 0));
  const { key } = await valueOf<{ key: ProjectKey }>(call('openProject', 'ann', 'full', 'ann', 0));
  const made = { user: 'ann', at: 0, displayName: 'a run' };
  const opened = ['a', 'b'].map((id) => valueOf<{ run: { key: RunKey } }>(call('openRun', key, id, made, {})));
  const runs = (await Promise.all(opened)).map(({ run }) => run.key);
  const sent = runs.map(() => 0);
  let refused = 0;
  for (let turn = 0; turn < 60; turn++) {
    const pages = (db.prepare('pragma page_count').get() as { page_count: number }).page_count;
    // Room for nothing, for a little, then for all: groups fail at different places.
    db.exec(`pragma max_page_count = ${turn % 3 === 2 ? 1_000_000 : pages + (turn % 3) * 8}`);
    const replies = await Promise.all(
      runs.map((run, i) => {
        const offset = sent[i] as number;
        const body = fileStreamBody({ [FILES.history]: { offset, content: lines(offset, 150 + i * 100) } });
        return call('ingest', run, '', body, 1);
      }),
    );
    replies.forEach((reply, i) => {
      if ('value' in reply) sent[i] = (sent[i] as number) + 150 + i * 100;
      else refused++;
    });
    expect(
      replies.filter((reply) => !('value' in reply)).map((reply) => 'refused' in reply && reply.refused.code),
    ).toEqual(replies.filter((reply) => !('value' in reply)).map(() => 'unavailable'));
  }
  db.exec('pragma max_page_count = 1000000');
  expect(refused).toBeGreaterThan(20);
  for (const [i, run] of runs.entries()) {
    const total = sent[i] as number;
    const retry = fileStreamBody({ [FILES.history]: { offset: 0, content: lines(0, total) } });
    expect((await valueOf<IngestOutcome>(call('ingest', run, '', retry, 1))).changed).toEqual([]);
    const page: RowPage = readOperations.readRowPage({ db }, { run, stream: 'history', limit: total + 1 });
    expect(page.rows.map((row) => JSON.parse(row) as unknown)).toEqual(
      lines(0, total).map((line) => JSON.parse(line) as unknown),
    );
  }
  expect(readOperations.checkStreams({ db })).toEqual([]);
}, 120_000);
