import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeRecord } from './wandb-record-decode.ts';
import { encodeRecord, type WritableRecord } from './wandb-record-encode.ts';
import { SUMMARY_KINDS } from './wandb-record.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const count = fc.nat(2 ** 40);
/** Milliseconds, to the microsecond: what a double still tells apart today. */
const instant = fc.integer({ min: 0, max: 2 ** 50 }).map((micros) => micros / 1000);
const item = fc.record({
  path: fc.array(text, { minLength: 1, maxLength: 3 }),
  json: fc.constantFrom('1', 'NaN', '-Infinity', '"é"', '{"a":[1]}', '1152921504606846976'),
});
const items = fc.array(item, { maxLength: 4 });
const type = <const T extends string>(name: T) => fc.constant(name);

const anyRecord: fc.Arbitrary<WritableRecord> = fc.oneof(
  fc.record({
    type: type('header'),
    producer: text,
    base: fc.record({ history: count, system: count, console: count }),
    writer: fc.record({ pid: count, startTime: text, bootId: text, host: text }),
  }),
  fc.record({
    type: type('run'),
    runId: text,
    entity: text,
    project: text,
    config: items,
    summary: items,
    group: text,
    jobType: text,
    displayName: text,
    notes: text,
    tags: fc.array(text, { maxLength: 3 }),
    sweep: text,
    host: text,
    startedAt: instant,
    remoteUrl: text,
    commit: text,
    resumed: fc.boolean(),
  }),
  fc.record({ type: type('history'), step: fc.integer(), items }),
  fc.record({
    type: fc.constantFrom('summary' as const, 'config' as const),
    update: items,
    remove: fc.array(fc.array(text, { minLength: 1, maxLength: 2 }), { maxLength: 2 }),
  }),
  fc.record({ type: type('stats'), at: instant, items }),
  fc.record({ type: type('output'), stderr: fc.boolean(), at: instant, text }),
  fc.record({
    type: type('files'),
    files: fc.array(
      fc.record({ path: text, policy: fc.constantFrom('now' as const, 'end' as const, 'live' as const) }),
    ),
  }),
  fc.record({
    type: type('metric'),
    name: text,
    glob: text,
    stepMetric: text,
    stepSync: fc.boolean(),
    hidden: fc.boolean(),
    summary: fc.subarray([...SUMMARY_KINDS]),
    goal: fc.constantFrom('minimize' as const, 'maximize' as const, null),
  }),
  fc.record({ type: type('exit'), exitCode: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) }),
  fc.constant({ type: 'preempting' as const }),
);

test('every record reads back as it was written', () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      const read = decodeRecord(encodeRecord(record));
      // Instants are kept as whole nanoseconds.
      const close = (value: unknown): unknown => (typeof value === 'number' ? Math.round(value * 100) / 100 : value);
      const rounded = (from: object | null): unknown =>
        JSON.parse(JSON.stringify(from, (_, value: unknown) => close(value)));
      expect(rounded(read)).toEqual(rounded(record));
    }),
    { numRuns: 400 },
  );
});

test('an environment and what was used come back under their names', () => {
  const environment: WritableRecord = {
    type: 'environment',
    writerId: 'w1',
    facts: {
      os: 'Linux',
      startedAt: '2026-11-22T06:00:00.123Z',
      args: ['--lr', '0.1'],
      git: { remote: 'git@example.org:a/b', commit: 'abc' },
      cpu_count: 2,
      disk: { '/': { total: '270553174016', used: '13585620992' } },
      memory: { total: '18446744073709551615' },
      gpu_nvidia: [{ name: 'H200', memoryTotal: '150754820096' }],
      slurm: { job_id: '7' },
    },
  };
  expect(decodeRecord(encodeRecord(environment))).toEqual(environment);
  const telemetry: WritableRecord = { type: 'telemetry', facts: { 3: [1, 16], 5: '0.1.0' } };
  expect(decodeRecord(encodeRecord(telemetry))).toEqual(telemetry);
});

test('fields and kinds from the future are skipped', () => {
  const row = encodeRecord({ type: 'history', step: 3, items: [{ path: ['loss'], json: '0.5' }] });
  // Field 900, 3 bytes; field 901, a number: before and behind what is known.
  const future = Uint8Array.of(0xa2, 0x38, 3, 1, 2, 3);
  const number = Uint8Array.of(0xa8, 0x38, 0x96, 0x01);
  const known = { type: 'history', step: 3, items: [{ path: ['loss'], json: '0.5' }] };
  expect(decodeRecord(Buffer.concat([future, row, number]))).toEqual(known);
  expect(decodeRecord(future)).toEqual({ type: 'other', field: 900 });
  expect(decodeRecord(Uint8Array.of(0xff))).toBeNull();
});

test('the typed values of a 0.31 history item become the same JSON', () => {
  // HistoryItem {key=1 boolean=4 | integer=5 (zigzag) | number=6 | text=7}, by hand.
  const field = (bytes: number[]) => Uint8Array.of(0x12, bytes.length + 2, 0x0a, bytes.length, ...bytes);
  const json = (bytes: number[]) => {
    const record = decodeRecord(field([0x0a, 1, 0x78, ...bytes]));
    return record?.type === 'history' ? record.items[0]?.json : null;
  };
  expect(json([0x20, 1])).toBe('true');
  expect(json([0x28, 0x05])).toBe('-3');
  expect(json([0x31, ...new Uint8Array(Float64Array.of(0.1).buffer)])).toBe('0.1');
  expect(json([0x31, ...new Uint8Array(Float64Array.of(NaN).buffer)])).toBe('NaN');
  expect(json([0x3a, 2, 0x22, 0x41])).toBe('"\\"A"');
  expect(json([0x18, 0])).toBe('null');
});
