import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LineBase } from '../wire/wandb-record.ts';
import type { WritableRecord } from '../wire/wandb-record-encode.ts';
import { settleBase } from './line-base.ts';
import { createLogFile } from './log-file.ts';
import { RunLog } from './run-log.ts';
import { TestSink } from './test-sink.ts';
import { DEFAULT_PACE, Uplink, type UplinkOptions } from './uplink.ts';

const PACE = { ...DEFAULT_PACE, sendEveryMs: 5, lookEveryMs: 2, backoff: { firstMs: 5, capMs: 20 } };
const ZERO: LineBase = { history: 0, system: 0, console: 0 };

/** Waits for a condition; the limit only ends a test that hangs. */
function until(condition: () => boolean): Promise<true> {
  return vi.waitUntil(condition, { timeout: 30_000, interval: 5 });
}

let folder: string;
let sink: TestSink;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trackside-uplink-'));
  sink = await new TestSink().start();
});
afterEach(async () => {
  await sink.stop();
  rmSync(folder, { recursive: true, force: true });
});

function runRecord(part: Partial<WritableRecord & { type: 'run' }> = {}): WritableRecord {
  return {
    type: 'run',
    runId: 'r1',
    entity: 'ann',
    project: 'p',
    config: [{ path: ['lr'], json: '0.1' }],
    summary: [],
    group: '',
    jobType: '',
    displayName: '',
    notes: '',
    tags: [],
    sweep: '',
    host: '',
    startedAt: 1e12,
    remoteUrl: '',
    commit: '',
    resumed: false,
    ...part,
  };
}

/** A log on disk, with its writer in this test's hand. */
class Writing {
  readonly path: string;
  readonly log: RunLog;
  rows = 0;
  constructor(name = 'run-r1.wandb') {
    this.path = join(folder, name, name);
    mkdirSync(join(dirname(this.path), 'files'), { recursive: true });
    this.log = new RunLog(createLogFile(this.path), { onTrouble: () => undefined, monotonic: () => 0 });
  }
  begin(base: LineBase | null = ZERO, part: Parameters<typeof runRecord>[0] = {}): this {
    this.log.append({ type: 'header', producer: 'test', ...(base && { base }) });
    this.log.append(runRecord(part));
    return this;
  }
  row(values: Record<string, string> = {}): this {
    const step = this.rows++;
    const items = Object.entries({ loss: String(step / 2), ...values, _step: String(step) });
    this.log.append({ type: 'history', step, items: items.map(([key, json]) => ({ path: [key], json })) });
    return this;
  }
  exit(exitCode = 0): this {
    this.log.append({ type: 'exit', exitCode });
    return this;
  }
}

function uplinkOf(path: string, part: Partial<UplinkOptions> = {}): { uplink: Uplink; said: string[] } {
  const said: string[] = [];
  const uplink = new Uplink({
    logPath: path,
    filesFolder: join(dirname(path), 'files'),
    server: { url: sink.url, apiKey: 'k'.repeat(40) },
    pace: PACE,
    resume: null,
    follow: true,
    isWriterAlive: () => true,
    patienceMs: () => Infinity,
    recordBase: (base, end) => settleBase(path, end, base),
    ...part,
    on: { started: () => undefined, notice: (text) => said.push(text), stopRequested: () => undefined, ...part.on },
  });
  return { uplink, said };
}

function losses(id = 'r1'): unknown[] {
  return sink.run(id).history.map((row) => row['loss']);
}

function counted(count: number): number[] {
  return Array.from({ length: count }, (_, step) => step / 2);
}

test('a run is followed while it is written, to its end', async () => {
  const writing = new Writing().begin().row();
  writeFileSync(join(dirname(writing.path), 'files', 'model.txt'), 'weights');
  writeFileSync(join(dirname(writing.path), 'files', 'output.log'), 'what the official client caught');
  writing.log.append({ type: 'files', files: [{ path: 'model.txt', policy: 'live' }] });
  const { uplink } = uplinkOf(writing.path);
  const outcome = uplink.run();
  await until(() => sink.runs.get('r1')?.history.length === 1);
  expect(sink.run('r1').exitCode).toBeNull();
  writing.row().row();
  writing.log.append({ type: 'config', update: [{ path: ['late'], json: 'NaN' }], remove: [] });
  await until(() => sink.run('r1').history.length === 3 && sink.run('r1').config.includes('late'));
  writing.exit(3);
  expect(await outcome).toEqual({ kind: 'synced', rows: 3, damage: null, open: false });
  const run = sink.run('r1');
  expect(run.exitCode).toBe(3);
  expect(run.summary).toEqual({ loss: 1, _step: 2 });
  expect(run.files.get('model.txt')?.toString()).toBe('weights');
  expect(run.uploaded).toEqual(
    expect.arrayContaining(['model.txt', 'config.yaml', 'wandb-summary.json', 'wandb-metadata.json', 'output.log']),
  );
  expect(run.contradictions).toBe(0);
});

describe('a server that fails', () => {
  test('goes away and comes back: nothing is lost, nothing doubled, and it is said once each way', async () => {
    const writing = new Writing().begin().row();
    const { uplink, said } = uplinkOf(writing.path);
    const outcome = uplink.run();
    await until(() => sink.runs.get('r1')?.history.length === 1);
    await sink.stop();
    for (let i = 0; i < 500; i++) writing.row();
    await until(() => said.length > 0);
    await sink.start();
    writing.exit();
    expect(await outcome).toMatchObject({ kind: 'synced', rows: 501 });
    expect(losses()).toEqual(counted(501));
    expect(said).toHaveLength(2);
  });

  test.each([429, 500, 503])('with %i is asked again', async (status) => {
    const writing = new Writing().begin().row().exit();
    sink.refuseWith = status;
    const { uplink, said } = uplinkOf(writing.path);
    const outcome = uplink.run();
    await until(() => said.length > 0);
    sink.refuseWith = null;
    expect(await outcome).toMatchObject({ kind: 'synced', rows: 1 });
  });

  test.each([400, 401, 403, 404, 410, 413, 422, 501])('with %i ends the upload and says why', async (status) => {
    const writing = new Writing().begin().row().exit();
    sink.refuseWith = status;
    const outcome = await uplinkOf(writing.path).uplink.run();
    expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringContaining(String(status)) as unknown });
  });

  test('is given up when patience ends', async () => {
    const writing = new Writing().begin().row().exit();
    await sink.stop();
    const { uplink } = uplinkOf(writing.path, { patienceMs: () => 50 });
    expect(await uplink.run()).toMatchObject({ kind: 'unreachable' });
  });
});

describe('where lines count from', () => {
  test('two uploaders at once, and one more later, send the same lines to the same places', async () => {
    const writing = new Writing().begin(null);
    for (let i = 0; i < 300; i++) writing.row();
    writing.exit();
    writing.log.close();
    const outcomes = await Promise.all([1, 2, 3].map(() => uplinkOf(writing.path).uplink.run()));
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(['synced', 'synced', 'synced']);
    await uplinkOf(writing.path).uplink.run();
    expect(losses()).toEqual(counted(300));
    expect(sink.run('r1').contradictions).toBe(0);
  });

  test('a second part of a run counts on from the first, whoever sends it and how often', async () => {
    const first = new Writing().begin().row().row().exit();
    await uplinkOf(first.path).uplink.run();
    const second = new Writing('run-r2.wandb').begin(null, { resumed: true, config: [{ path: ['new'], json: '1' }] });
    second.row().row().row().exit(1);
    second.log.close();
    await uplinkOf(second.path).uplink.run();
    await uplinkOf(second.path).uplink.run();
    expect(losses()).toEqual([0, 0.5, 0, 0.5, 1]);
    expect(sink.run('r1').exitCode).toBe(1);
    expect(JSON.parse(sink.run('r1').config)).toMatchObject({ lr: { value: 0.1 }, new: { value: 1 } });
  });

  test('a base that stands behind more rows than are read ahead is found, and no row is lost', async () => {
    const writing = new Writing().begin(null);
    const filler = JSON.stringify('x'.repeat(100_000));
    for (let i = 0; i < 120; i++) writing.row({ filler });
    const sizeBefore = statSync(writing.path).size;
    const proposals: LineBase[] = [];
    const { uplink } = uplinkOf(writing.path, {
      recordBase: (base) => {
        proposals.push(base);
        writing.log.append({ type: 'header', producer: 'test', base });
        return null;
      },
    });
    const outcome = uplink.run();
    await until(() => proposals.length > 0);
    writing.exit();
    expect(await outcome).toMatchObject({ kind: 'synced', rows: 120 });
    expect(losses()).toEqual(counted(120));
    expect(statSync(writing.path).size).toBeGreaterThan(sizeBefore);
  });

  test('a log that grew since it was read is not written into', () => {
    const writing = new Writing().begin(null).row();
    const before = readFileSync(writing.path);
    const end = { bytes: before.length - 10, records: 2, seenBytes: before.length - 3, damage: null };
    expect(settleBase(writing.path, end, ZERO)).toBeNull();
    expect(readFileSync(writing.path).equals(before)).toBe(true);
  });
});

describe('a log that is damaged', () => {
  test('cut anywhere, gives every whole row, ends as failed, and can be sent again', async () => {
    const writing = new Writing().begin(null);
    for (let i = 0; i < 40; i++) writing.row();
    writing.log.close();
    const size = statSync(writing.path).size;
    truncateSync(writing.path, size - 5);
    const gone = { isWriterAlive: () => false };
    expect(await uplinkOf(writing.path, gone).uplink.run()).toMatchObject({ kind: 'synced', rows: 39, damage: null });
    expect(await uplinkOf(writing.path, gone).uplink.run()).toMatchObject({ kind: 'synced', rows: 39 });
    expect(losses()).toEqual(counted(39));
    expect(sink.run('r1').exitCode).toBe(1);
    expect(sink.run('r1').contradictions).toBe(0);
  });

  test('with wrong bytes in the middle, gives what lies before, says so, and is left as it is', async () => {
    const writing = new Writing().begin(null);
    for (let i = 0; i < 40; i++) writing.row();
    writing.exit();
    writing.log.close();
    const bytes = readFileSync(writing.path);
    bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 255;
    writeFileSync(writing.path, bytes);
    for (let time = 0; time < 2; time++) {
      const outcome = await uplinkOf(writing.path, { isWriterAlive: () => false }).uplink.run();
      expect(outcome).toMatchObject({ kind: 'synced', damage: expect.stringContaining('checksum') as unknown });
    }
    expect(readFileSync(writing.path).equals(bytes)).toBe(true);
    const sent = losses();
    expect(sent.length).toBeGreaterThan(5);
    expect(sent).toEqual(counted(sent.length));
  });

  test('whose last record is still being written is waited for', async () => {
    const writing = new Writing().begin().row();
    writing.row().exit();
    const whole = readFileSync(writing.path);
    writeFileSync(writing.path, whole.subarray(0, whole.length - 4));
    const outcome = uplinkOf(writing.path).uplink.run();
    await until(() => sink.runs.get('r1')?.history.length === 2);
    expect(sink.run('r1').exitCode).toBeNull();
    writeFileSync(writing.path, whole);
    expect(await outcome).toMatchObject({ kind: 'synced', rows: 2 });
  });

  test('and is no log at all, is told from an empty one', async () => {
    const path = join(folder, 'x.wandb');
    writeFileSync(path, 'not a log');
    const gone = { isWriterAlive: () => false };
    expect(await uplinkOf(path, gone).uplink.run()).toMatchObject({
      kind: 'empty',
      reason: expect.stringContaining('W&B') as unknown,
    });
    writeFileSync(path, '');
    expect(await uplinkOf(path, gone).uplink.run()).toMatchObject({ kind: 'empty', reason: 'the log names no run' });
  });
});

test('files named outside of the run folder are not uploaded', async () => {
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  const writing = new Writing().begin().row();
  const names = ['../../secret.txt', '/etc/hostname', 'a/../../secret.txt', '..\\secret.txt', '', '\0', 'missing.txt'];
  writing.log.append({ type: 'files', files: names.map((path) => ({ path, policy: 'end' })) });
  writing.exit();
  expect(await uplinkOf(writing.path).uplink.run()).toMatchObject({ kind: 'synced' });
  expect([...sink.run('r1').files.keys()].toSorted()).toEqual([
    'config.yaml',
    'wandb-metadata.json',
    'wandb-summary.json',
  ]);
});

test('a stop that somebody asks for is passed on', async () => {
  const writing = new Writing().begin().row();
  sink.stopAsked = true;
  const stops: number[] = [];
  const on = { started: () => undefined, notice: () => undefined, stopRequested: () => stops.push(1) };
  const outcome = uplinkOf(writing.path, { on }).uplink.run();
  await until(() => stops.length > 0);
  writing.exit();
  await outcome;
  expect(sink.run('r1').exitCode).toBe(0);
});

test.each([
  ['must', false],
  ['never', true],
] as const)("resume '%s' is refused when a run is there: %s", async (resume, isThere) => {
  if (isThere) await uplinkOf(new Writing('run-r0.wandb').begin().row().exit().path).uplink.run();
  const outcome = await uplinkOf(new Writing().begin(null).path, { resume }).uplink.run();
  expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringContaining('r1') as unknown });
  expect(sink.runs.has('r1')).toBe(isThere);
});
