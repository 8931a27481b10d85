import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import type { Notice } from '../hub/hub.ts';
import { NoticeStream } from './notice-stream.ts';

/** A reader that takes what it is given only when it is told to. */
class SlowReader extends Writable {
  readonly received: string[] = [];
  #takeOn: (() => void) | null = null;

  constructor() {
    super({ highWaterMark: 1 });
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.received.push(chunk.toString());
    this.#takeOn = done;
  }

  /** Takes what waits, until nothing does. */
  async take(): Promise<void> {
    while (this.#takeOn !== null) {
      const takeOn = this.#takeOn;
      this.#takeOn = null;
      takeOn();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  notices(): Notice[][] {
    return this.received
      .filter((text) => text.startsWith('data: '))
      .map((text) => JSON.parse(text.slice('data: '.length)).notices);
  }
}

function open(reader: SlowReader): NoticeStream {
  return new NoticeStream(reader as unknown as ServerResponse, async () => true);
}

function notice(run: string, rev: number, ...changed: Notice['changed']): Notice {
  return { entity: 'ann', project: 'mnist', run, rev, changed };
}

test('a reader that keeps up gets every notice', async () => {
  const reader = new SlowReader();
  using stream = open(reader);
  await reader.take();
  stream.send([notice('a', 1, 'history')]);
  await reader.take();
  stream.send([notice('a', 2, 'run'), notice('b', 1, 'run')]);
  await reader.take();
  expect(reader.notices()).toEqual([[notice('a', 1, 'history')], [notice('a', 2, 'run'), notice('b', 1, 'run')]]);
});

test('while a reader is slow, what it misses becomes one notice per run, and memory does not grow', async () => {
  const reader = new SlowReader();
  using stream = open(reader);
  for (let rev = 1; rev <= 10_000; rev++) stream.send([notice('a', rev, rev % 2 ? 'history' : 'console')]);
  expect(reader.writableLength).toBeLessThan(1_000);
  await reader.take();
  const [merged] = reader.notices().flat();
  expect(reader.notices()).toHaveLength(1);
  expect(merged?.rev).toBe(10_000);
  expect(merged?.changed.toSorted()).toEqual(['console', 'history']);
});

test('a reader that falls too far behind is disconnected, so that it reads anew', () => {
  const reader = new SlowReader();
  const stream = open(reader);
  for (let run = 0; run <= 2_000; run++) stream.send([notice(`run-${run}`, 1, 'history')]);
  expect(reader.destroyed).toBe(true);
  stream.send([notice('late', 1, 'run')]);
  expect(reader.notices()).toEqual([]);
});

test('a quiet stream beats, and ends when its reader may no longer listen', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const reader = new SlowReader();
    let may = true;
    using stream = new NoticeStream(reader as unknown as ServerResponse, async () => may);
    await reader.take();
    await vi.advanceTimersByTimeAsync(15_000);
    await reader.take();
    expect(reader.received).toEqual(['retry: 2000\n\n', ':\n\n']);
    may = false;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(reader.destroyed).toBe(true); // since the beat before has not been taken yet
    stream.send([notice('a', 1, 'history')]);
    expect(reader.notices()).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});
