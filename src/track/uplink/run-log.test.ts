import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WandbLogReader } from '../wire/wandb-log-reader.ts';
import { decodeRecord } from '../wire/wandb-record-decode.ts';
import type { LogFile } from './log-file.ts';
import { HELD_BYTES_MAX, RunLog } from './run-log.ts';

/** A disk of which a test decides how much it takes. */
class FickleFile implements LogFile {
  bytes = Buffer.alloc(0);
  /** How many bytes of the next writes go in before the disk is full; infinite: it is well. */
  room = Infinity;
  /** At most so many bytes at once. */
  portion = Infinity;
  canTruncate = true;

  write(bytes: Uint8Array, position: number): number {
    if (this.room <= 0) throw new Error('ENOSPC: no space left on device');
    const length = Math.min(bytes.length, this.room, this.portion);
    this.room -= length;
    const end = Math.max(this.bytes.length, position + length);
    this.bytes = Buffer.concat([this.bytes, Buffer.alloc(end - this.bytes.length)]);
    this.bytes.set(bytes.subarray(0, length), position);
    return length;
  }
  truncate(length: number): void {
    if (!this.canTruncate) throw new Error('EIO');
    this.bytes = this.bytes.subarray(0, length);
  }
  sync(): void {}
  close(): void {}

  /** The texts of the output records that a reader finds. */
  texts(): string[] {
    return new WandbLogReader().push(this.bytes).flatMap((entry) => {
      const record = decodeRecord(entry.bytes);
      return record?.type === 'output' ? [record.text] : [];
    });
  }
}

function openLog(file: LogFile): { log: RunLog; clock: { now: number }; said: string[] } {
  const clock = { now: 0 };
  const said: string[] = [];
  const log = new RunLog(file, { onTrouble: (text) => said.push(text), monotonic: () => clock.now });
  return { log, clock, said };
}

function append(log: RunLog, text: string): void {
  log.append({ type: 'output', stderr: false, at: 0, text });
}

test('whatever the disk does, every record is in the log in order once it is well again', () => {
  const event = fc.oneof(
    fc.record({ append: fc.nat(60_000) }),
    fc.record({ room: fc.oneof(fc.nat(50_000), fc.constant(Infinity)), portion: fc.integer({ min: 1, max: 70_000 }) }),
    fc.record({ waitMs: fc.nat(1500) }),
    fc.record({ canTruncate: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      const file = new FickleFile();
      const { log, clock } = openLog(file);
      const expected: string[] = [];
      for (const each of events) {
        if ('append' in each) {
          const text = `${expected.length}:${'x'.repeat(each.append)}`;
          expected.push(text);
          append(log, text);
        } else if ('waitMs' in each) {
          clock.now += each.waitMs;
          log.retry();
        } else Object.assign(file, each);
        const found = file.texts();
        expect(found).toEqual(expected.slice(0, found.length));
      }
      Object.assign(file, { room: Infinity, canTruncate: true });
      log.close();
      expect(file.texts()).toEqual(expected);
      expect(log.dropped).toBe(0);
    }),
    { numRuns: 60 },
  );
});

test('a disk that stays full costs at most 8 MiB of memory; what is lost is counted and said, each thing once', () => {
  const file = new FickleFile();
  const { log, said, clock } = openLog(file);
  append(log, 'first');
  file.room = 3;
  const text = 'x'.repeat(64 * 1024);
  const count = 200;
  for (let i = 0; i < count; i++) {
    clock.now += 100;
    append(log, text);
  }
  expect(file.texts()).toEqual(['first']);
  expect(file.bytes.length).toBe(log.position);
  expect(log.dropped).toBeGreaterThan(0);
  expect((count - log.dropped) * text.length).toBeLessThanOrEqual(HELD_BYTES_MAX);
  expect(said).toHaveLength(2);
  expect(said[0]).toContain('ENOSPC');
  file.room = Infinity;
  clock.now += 1000;
  append(log, 'last');
  expect(file.texts()).toHaveLength(count - log.dropped + 2);
  expect(file.texts().at(-1)).toBe('last');
  expect(said[2]).toContain(`${log.dropped} records were lost`);
  expect(said).toHaveLength(3);
});

test('while the disk is full it is asked once a second, not at every record', () => {
  const file = new FickleFile();
  const { log, clock } = openLog(file);
  file.room = 0;
  append(log, 'a');
  file.room = Infinity;
  clock.now = 999;
  append(log, 'b');
  expect(file.texts()).toEqual([]);
  clock.now = 1000;
  append(log, 'c');
  expect(file.texts()).toEqual(['a', 'b', 'c']);
});
