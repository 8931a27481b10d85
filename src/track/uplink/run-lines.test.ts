import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonMembers, parseLoosely } from '../wire/json-text.ts';
import { WandbLogReader } from '../wire/wandb-log-reader.ts';
import { decodeRecord } from '../wire/wandb-record-decode.ts';
import type { Item, MetricRecord } from '../wire/wandb-record.ts';
import { nextShipment } from './file-stream-body.ts';
import { RunLines } from './run-lines.ts';
import { type SunkBody, SunkRun } from './test-sink.ts';

const RECORDINGS = new URL('../../../interop/recordings/', import.meta.url);

/** What the official client's log becomes when we send it, and what that client sends itself for the same program. */
function bothWays(version: string, run: string): { ours: SunkRun; theirs: SunkRun } {
  const lines = new RunLines();
  const log = readFileSync(new URL(`${version}/offline/run-${run}.wandb`, RECORDINGS));
  for (const entry of new WandbLogReader().push(log)) {
    const record = decodeRecord(entry.bytes);
    if (record) lines.take(record);
  }
  const ours = new SunkRun();
  const base = { history: 0, system: 0, console: 0 };
  for (let isAll = false; !isAll;) {
    const shipment = nextShipment(lines, {
      base,
      structuredConsole: true,
      uploaded: [],
      withSummary: true,
      exitCode: lines.exitCode,
    });
    ours.take(JSON.parse(shipment.body) as SunkBody);
    shipment.arrived();
    isAll = shipment.isAll;
  }
  ours.config = lines.config.toJson();
  const theirs = new SunkRun();
  const folder = new URL(`${version}/file-stream/`, RECORDINGS);
  for (const name of readdirSync(folder)
    .filter((each) => each.startsWith(`${run}-`))
    .sort()) {
    theirs.take(JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as SunkBody);
  }
  return { ours, theirs };
}

const TIMES = new Set(['_timestamp', '_runtime']);

/** Each value of a row: integers as their digits, the rest as JSON means it. The client forgets the sign of zero; its log has it. */
function texts(line: string | undefined): Record<string, unknown> {
  const members = jsonMembers((line ?? '').replaceAll(/(?<=[:[,])-0(?=[,}\]])/g, '0')).filter(
    ([key]) => !TIMES.has(key),
  );
  return Object.fromEntries(members.map(([key, json]) => [key, /^-?\d+$/.test(json) ? json : parse(json)]));
}

function parse(json: string): unknown {
  return ['NaN', 'Infinity', '-Infinity'].includes(json)
    ? json
    : (JSON.parse(json.replaceAll('NaN', 'null')) as unknown);
}

test.each(['wandb-0.31.0', 'wandb-0.28.2'])('the log of %s says what that client sends itself', (version) => {
  const mixed = bothWays(version, 'mixed');
  const rows = mixed.ours.lines('wandb-history.jsonl').map(texts);
  expect(rows).toHaveLength(200);
  expect(rows).toEqual(mixed.theirs.lines('wandb-history.jsonl').map(texts));
  const summary = (run: SunkRun): Record<string, unknown> => {
    const { _wandb, ...rest } = texts(run.lines('wandb-summary.json').at(-1));
    return rest;
  };
  expect(summary(mixed.ours)).toEqual(summary(mixed.theirs));
  expect(mixed.ours.exitCode).toBe(0);
  expect(JSON.parse(mixed.ours.config)).toMatchObject({
    lr: { value: 0.1 },
    nested: { value: { a: [1, { b: null }] } },
    name: { value: "it's" },
  });

  const console = bothWays(version, 'console');
  const contents = (run: SunkRun): string[] => run.console.map((text) => text.trimEnd());
  expect(contents(console.ours).toSorted()).toEqual(contents(console.theirs).toSorted());

  const system = bothWays(version, 'system');
  const keys = (run: SunkRun): string[] =>
    jsonMembers(run.lines('wandb-events.jsonl').at(-1) ?? '')
      .map(([key]) => key)
      .toSorted();
  expect(keys(system.ours)).toEqual(keys(system.theirs));
  expect(system.ours.exitCode).toBe(3);
});

function row(step: number, values: Record<string, string>): { type: 'history'; step: number; items: Item[] } {
  const items = Object.entries(values).map(([key, json]) => ({ path: key.split('/'), json }));
  return { type: 'history', step, items: [...items, { path: ['_step'], json: String(step) }] };
}

function metric(part: Partial<MetricRecord>): MetricRecord {
  return {
    type: 'metric',
    name: '',
    glob: '',
    stepMetric: '',
    stepSync: false,
    hidden: false,
    summary: [],
    goal: null,
    ...part,
  };
}

test('the summary keeps what each metric asks for', () => {
  const lines = new RunLines();
  lines.take(metric({ name: 'acc', summary: ['max', 'mean', 'first'] }));
  lines.take(metric({ glob: 'val*', summary: ['min'] }));
  lines.take(metric({ name: 'valid', summary: [] }));
  lines.take(metric({ name: 'hidden', summary: ['none'] }));
  lines.take(metric({ name: 'score', summary: ['best'], goal: 'maximize' }));
  for (const [step, value] of [3, 1, 2].entries()) {
    const json = String(value);
    lines.take(
      row(step, { acc: json, val_loss: json, valid: json, hidden: json, score: json, plain: json, 'a/b': json }),
    );
  }
  lines.take(row(3, { acc: 'NaN' }));
  expect(JSON.parse(lines.summary.toJson())).toEqual({
    acc: { max: 3, mean: 2, first: 3 },
    val_loss: { min: 1 },
    valid: 2,
    score: { best: 3 },
    plain: 2,
    a: { b: 2 },
    _step: 3,
  });
  lines.take({ type: 'summary', update: [{ path: ['plain'], json: '42' }], remove: [['a', 'b'], ['valid']] });
  expect(JSON.parse(lines.summary.toJson())).toMatchObject({ plain: 42, a: {} });
});

test('a run that goes on keeps the config, the summary and the extremes of its former part', () => {
  const lines = new RunLines();
  lines.adopt({
    config:
      '{"lr":{"value":0.1},"old":{"value":18446744073709551616},"_wandb":{"value":{"e":{"w0":{"host":"a"}},"t":{"5":"9"}}}}',
    summary: '{"loss":{"min":0.25},"nan":NaN,"other":7}',
  });
  lines.take(metric({ name: 'loss', summary: ['min'] }));
  lines.take({ type: 'config', update: [{ path: ['lr'], json: '0.2' }], remove: [] });
  lines.take({ type: 'environment', writerId: 'w1', facts: { host: 'b' } });
  lines.take(row(9, { loss: '0.5' }));
  expect(lines.summary.toJson()).toBe('{"loss":{"min":0.25},"nan":NaN,"other":7,"_step":9}');
  expect(lines.config.toJson()).toContain('"old":{"value":18446744073709551616}');
  expect(JSON.parse(lines.config.toJson())).toMatchObject({
    lr: { value: 0.2 },
    _wandb: { value: { e: { w0: { host: 'a' }, w1: { host: 'b' } } } },
  });
});

test('a value that is no JSON, or too long for a server, does not spoil the request', () => {
  const lines = new RunLines();
  lines.take(row(0, { bad: '{oops', fine: '1' }));
  lines.take(row(1, { long: JSON.stringify('x'.repeat(10 * 1024 * 1024)), fine: '2' }));
  const sent = lines.history.peek(Infinity).map((line) => JSON.parse(line) as unknown);
  expect(sent).toEqual([
    { bad: '{oops', fine: 1, _step: 0 },
    { fine: 2, _step: 1 },
  ]);
});

test('whatever the records of a log hold, the requests made of it are whole', () => {
  const logs = ['wandb-0.31.0', 'wandb-0.28.2'].flatMap((version) =>
    ['mixed', 'console', 'system'].map((run) =>
      readFileSync(new URL(`${version}/offline/run-${run}.wandb`, RECORDINGS)),
    ),
  );
  const records = logs.flatMap((log) => new WandbLogReader().push(log).map((entry) => entry.bytes));
  const change = fc.record({
    record: fc.nat(records.length - 1),
    at: fc.nat(2000),
    to: fc.integer({ min: 0, max: 255 }),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 50 }), (changes) => {
      const lines = new RunLines();
      for (const { record, at, to } of changes) {
        const bytes = new Uint8Array(records[record] ?? []);
        bytes[at % bytes.length] = to;
        const decoded = decodeRecord(bytes);
        if (decoded) lines.take(decoded);
      }
      const { body } = nextShipment(lines, {
        base: { history: 0, system: 0, console: 0 },
        structuredConsole: true,
        uploaded: [],
        withSummary: true,
        exitCode: lines.exitCode,
      });
      const { files = {} } = JSON.parse(body) as SunkBody;
      const texts = Object.values(files).flatMap((file) => file.content);
      expect([...texts, lines.config.toJson()].filter((text) => parseLoosely(text) === undefined)).toEqual([]);
    }),
    { numRuns: 400 },
  );
});
