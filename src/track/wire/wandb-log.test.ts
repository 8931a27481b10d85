import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLOCK_BYTES, FILE_HEADER } from './wandb-log-format.ts';
import { FRAME_HEADROOM, frameRecord } from './wandb-log-framer.ts';
import { type LogEntry, WandbLogReader } from './wandb-log-reader.ts';
import { decodeRecord } from './wandb-record-decode.ts';

function writeLog(records: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [FILE_HEADER];
  let position = FILE_HEADER.length;
  for (const record of records) {
    const buffer = new Uint8Array(FRAME_HEADROOM + record.length);
    buffer.set(record, FRAME_HEADROOM);
    const framed = frameRecord(buffer, buffer.length, position).slice();
    parts.push(framed);
    position += framed.length;
  }
  return Buffer.concat(parts);
}

function readLog(bytes: Uint8Array): { entries: LogEntry[]; reader: WandbLogReader } {
  const reader = new WandbLogReader();
  return { entries: reader.push(bytes), reader };
}

const GOLDEN = new URL('../../../interop/recordings/', import.meta.url);
const goldenLogs = readdirSync(GOLDEN, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.wandb'));

/** Records of every size that matters: empty, a block's remainder, whole blocks and more. */
const recordSize = fc.oneof(
  fc.nat(40),
  fc.integer({ min: BLOCK_BYTES - 40, max: BLOCK_BYTES + 40 }),
  fc.nat(3 * BLOCK_BYTES),
);

describe('framing', () => {
  test('what is written is read back, in pieces of any size', () => {
    fc.assert(
      fc.property(fc.array(recordSize, { maxLength: 12 }), fc.integer({ min: 1, max: 70_000 }), (sizes, piece) => {
        const records = sizes.map((size, index) => new Uint8Array(size).fill(index + 1));
        const log = writeLog(records);
        const reader = new WandbLogReader();
        const read: LogEntry[] = [];
        for (let at = 0; at < log.length; at += piece) read.push(...reader.push(log.subarray(at, at + piece)));
        expect(read.map((entry) => entry.bytes.length)).toEqual(sizes);
        expect(read.every((entry, index) => Buffer.compare(entry.bytes, records[index] as Uint8Array) === 0)).toBe(
          true,
        );
        expect(reader.damage).toBeNull();
        expect(reader.goodBytes).toBe(log.length);
      }),
      { numRuns: 60 },
    );
  });

  test('reading goes on from the end of any record', () => {
    const log = writeLog([20, 32_700, 5, 80_000, 1].map((size) => new Uint8Array(size).fill(7)));
    const { entries } = readLog(log);
    entries.forEach((entry, index) => {
      const rest = new WandbLogReader(entry.endOffset).push(log.subarray(entry.endOffset));
      expect(rest.length).toBe(entries.length - index - 1);
    });
  });

  test('a chunk header that exactly fills its block starts the record there', () => {
    const first = BLOCK_BYTES - FILE_HEADER.length - 2 * 7;
    const log = writeLog([new Uint8Array(first), new Uint8Array(10).fill(9)]);
    const { entries, reader } = readLog(log);
    expect(entries.map((entry) => entry.bytes.length)).toEqual([first, 10]);
    expect(reader.damage).toBeNull();
  });
});

describe('damage', () => {
  test('cut at every byte, a log gives every record before the cut and says where it is torn', () => {
    const log = writeLog([3, 0, 50, 200, 33_000, 12].map((size, index) => new Uint8Array(size).fill(index)));
    const whole = readLog(log).entries;
    const seen = [];
    const expected = [];
    for (let cut = 0; cut <= log.length; cut++) {
      const { entries, reader } = readLog(log.subarray(0, cut));
      seen.push([cut, entries.length, reader.damage?.kind ?? null, reader.goodBytes]);
      const before = whole.filter((entry) => entry.endOffset <= cut);
      const good = before.at(-1)?.endOffset ?? (cut < FILE_HEADER.length ? 0 : FILE_HEADER.length);
      expected.push([cut, before.length, good === cut ? null : 'torn', good]);
    }
    expect(seen).toEqual(expected);
  });

  test('with bytes changed anywhere, everything before the change is delivered and nothing false after it', () => {
    const log = writeLog([10, 500, 40_000, 7, 7, 70_000].map((size, index) => new Uint8Array(size).fill(index + 1)));
    const whole = readLog(log).entries;
    fc.assert(
      fc.property(fc.nat(log.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const hurt = new Uint8Array(log);
        hurt[at] = (hurt[at] as number) ^ change;
        const { entries } = readLog(hurt);
        const before = whole.filter((entry) => entry.endOffset <= at).length;
        expect(entries.length).toBeGreaterThanOrEqual(before);
        entries.forEach((entry, index) =>
          expect(Buffer.from(entry.bytes)).toEqual(Buffer.from(whole[index]?.bytes ?? [])),
        );
      }),
    );
  });

  test('random bytes after a good header never throw, hang or count as whole', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4000 }), (noise) => {
        const { reader } = readLog(Buffer.concat([FILE_HEADER, noise]));
        expect(reader.goodBytes).toBeLessThanOrEqual(FILE_HEADER.length + noise.length);
        expect(() => decodeRecord(noise)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });

  test('another kind of file is refused by its first bytes', () => {
    const { entries, reader } = readLog(new TextEncoder().encode('{"loss": 1}\n'));
    expect(entries).toEqual([]);
    expect(reader.damage).toMatchObject({ kind: 'corrupt', goodBytes: 0 });
  });

  test('a record without end is given up, not held for ever', () => {
    const reader = new WandbLogReader();
    const endless = writeLog([new Uint8Array(3 * BLOCK_BYTES)]).subarray(0, 2 * BLOCK_BYTES);
    reader.push(endless);
    // The second block is a whole middle chunk: it fits wherever a block begins.
    const middle = endless.subarray(BLOCK_BYTES, 2 * BLOCK_BYTES);
    for (let block = 0; block < 2200 && reader.damage?.kind !== 'corrupt'; block++) reader.push(middle);
    expect(reader.damage).toMatchObject({ kind: 'corrupt', goodBytes: FILE_HEADER.length });
  });
});

describe('logs of the official client', () => {
  test('there are some of each version', () => {
    expect(goldenLogs.filter((name) => name.includes('0.31.0')).length).toBeGreaterThan(2);
    expect(goldenLogs.filter((name) => name.includes('0.28.2')).length).toBeGreaterThan(2);
  });

  test.each(goldenLogs)('%s is read whole, every record known, rows in step order, exit last', (name) => {
    const { entries, reader } = readLog(readFileSync(new URL(name, GOLDEN)));
    expect(reader.damage).toBeNull();
    const records = entries.map((entry) => decodeRecord(entry.bytes));
    expect(records.filter((record) => record === null)).toEqual([]);
    expect(records[0]).toMatchObject({ type: 'header' });
    expect(records.find((record) => record?.type === 'run')).toMatchObject({ type: 'run', project: 'recordings' });
    expect(records.at(-1)).toMatchObject({ type: 'exit' });
    const steps = records.flatMap((record) => (record?.type === 'history' ? [record] : []));
    expect(steps.length).toBeGreaterThan(0);
    for (const row of steps) expect(row.items.find((item) => item.path[0] === '_step')?.json).toBe(String(row.step));
  });
});
