import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identifyProcess } from '../../machine/process-identity.ts';
import type { LogWriter } from '../wire/wandb-record.ts';
import { createLogFile } from './log-file.ts';
import { RowWriter } from './row-writer.ts';
import { RunLog } from './run-log.ts';
import { findLogs, syncLog } from './sync.ts';
import { TestSink } from './test-sink.ts';

let folder: string;
let sink: TestSink;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trackside-sync-'));
  sink = await new TestSink().start();
});
afterEach(async () => {
  await sink.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A log of half a megabyte that does not say from where its lines count. */
function writeLog(more?: LogWriter | ((log: RunLog, rows: RowWriter) => void)): string {
  const writer = typeof more === 'function' ? undefined : more;
  const path = join(folder, 'run-r1.wandb');
  const log = new RunLog(createLogFile(path), { onTrouble: () => undefined, monotonic: () => 0 });
  log.append({ type: 'header', producer: 'test', ...(writer && { writer }) });
  const texts = {
    entity: 'ann',
    project: 'p',
    group: '',
    jobType: '',
    displayName: '',
    notes: '',
    sweep: '',
    host: '',
  };
  const lists = { config: [], summary: [], tags: [] };
  log.append({ type: 'run', runId: 'r1', ...texts, ...lists, startedAt: 0, remoteUrl: '', commit: '', resumed: false });
  const rows = new RowWriter(log);
  for (let i = 0; i < 50; i++) rows.write({ i, filler: 'x'.repeat(10_000) }, i, i, i);
  if (typeof more === 'function') more(log, rows);
  log.close();
  return path;
}

function sync(path: string, force: boolean): ReturnType<typeof syncLog> {
  const on = { started: () => undefined, notice: () => undefined, progress: () => undefined };
  return syncLog(path, { server: { url: sink.url, apiKey: 'k'.repeat(40) }, force, patienceMs: 10_000, on });
}

test('a log that is synced is skipped; forced, its rows go to the places they have', async () => {
  const path = writeLog();
  expect(await sync(path, false)).toMatchObject({ kind: 'synced', rows: 50 });
  expect(await sync(path, false)).toEqual({ kind: 'skipped' });
  expect(await sync(path, true)).toMatchObject({ kind: 'synced', rows: 50 });
  expect(sink.run('r1').history).toHaveLength(50);
  expect(sink.run('r1').contradictions).toBe(0);
});

test('one that another program has uploaded is not sent a second time, unless the server knows nothing of it', async () => {
  const path = writeLog();
  writeFileSync(`${path}.synced`, '');
  const bodies = sink.bodies.length;
  const other = writeLogElsewhere();
  await sync(other, false);
  expect(await sync(path, true)).toMatchObject({ kind: 'refused' });
  expect(sink.run('r1').history).toHaveLength(50);
  expect(sink.run('r1').exitCode).toBe(1);
  sink.runs.clear();
  expect(await sync(path, true)).toMatchObject({ kind: 'synced', rows: 50 });
  expect(sink.bodies.length).toBeGreaterThan(bodies);
});

/** The same run in another folder. */
function writeLogElsewhere(): string {
  const before = folder;
  folder = join(before, 'elsewhere');
  mkdirSync(folder);
  const path = writeLog();
  folder = before;
  return path;
}

test('one whose program runs is left to it', async () => {
  const path = writeLog(identifyProcess() ?? undefined);
  expect(await sync(path, false)).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('still runs') as unknown,
  });
  expect(sink.runs.size).toBe(0);
});

test('logs are found by file, by run folder, and by the folder that holds them, oldest first, links not followed', () => {
  const wandb = join(folder, 'wandb');
  const logs = ['offline-run-20260102_000000-b', 'run-20260101_000000-a', 'run-20260103_000000-c'].map((name) => {
    mkdirSync(join(wandb, name, 'files'), { recursive: true });
    const path = join(wandb, name, `run-${name.slice(-1)}.wandb`);
    writeFileSync(path, '');
    writeFileSync(`${path}.synced`, '');
    return path;
  });
  symlinkSync('run-20260103_000000-c', join(wandb, 'latest-run'));
  symlinkSync('.', join(wandb, 'run-20260104_000000-loop'));
  const [b = '', a = '', c = ''] = logs;
  expect(findLogs(wandb)).toEqual([a, b, c]);
  expect(findLogs(folder)).toEqual([a, b, c]);
  expect(findLogs(join(wandb, 'latest-run'))).toEqual([join(wandb, 'latest-run', 'run-c.wandb')]);
  expect(findLogs(a)).toEqual([a]);
  expect(findLogs(join(wandb, 'run-20260101_000000-a', 'files'))).toEqual([]);
});

test('a row larger than what is read at once, and records of an unknown kind, do not end the log', async () => {
  const path = writeLog((log, rows) => {
    rows.write({ large: 'x'.repeat(1_000_000) }, 50, 50, 50);
    for (let i = 0; i < 30; i++)
      log.appendBytes(Uint8Array.of(0xfa, 0x01, 0xff, 0xff, 0x03, ...new Uint8Array(65_535)));
    rows.write({ last: 1 }, 51, 51, 51);
  });
  expect(await sync(path, false)).toMatchObject({ kind: 'synced', rows: 52, damage: null });
  expect(sink.run('r1').history).toHaveLength(52);
});

test('a log does not take the place of rows that came after the run was resumed', async () => {
  const path = writeLog();
  const later = Array.from({ length: 5 }, (_, i) => JSON.stringify({ later: i, _step: 20 + i, _timestamp: 900 + i }));
  expect(await sync(path, false)).toMatchObject({ kind: 'synced', rows: 50 });
  const sunk = sink.run('r1').lines('wandb-history.jsonl');
  sunk.splice(20, Infinity, ...later);
  expect(await sync(path, true)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('another log') });
  sunk.push(...Array.from({ length: 70 }, (_, i) => JSON.stringify({ _step: 25 + i, _timestamp: 905 + i })));
  expect(await sync(path, true)).toMatchObject({ kind: 'refused' });
  expect(sink.run('r1').contradictions).toBe(0);
  sunk.splice(20);
  expect(await sync(path, true)).toMatchObject({ kind: 'synced', rows: 50 });
});
