import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RunPath } from '../../core/model/run.ts';
import type { UnreadBody } from './hub.ts';
import { openTestHub, streamBody, type TestHub } from './test-hub.ts';

let test: TestHub;
beforeEach(async () => {
  test = await openTestHub({ inFlightBytesMax: 1_000 });
  await test.hub.runs.start(test.ann, path, {});
});
afterEach(() => test[Symbol.asyncDispose]());

const path: RunPath = { entity: 'ann', project: 'digits', id: 'r1' };

/** A body that arrives when the test says so. */
function slowBody(sizeBytes: number, bytes: Uint8Array): UnreadBody & { arrive: () => void; isAsked: () => boolean } {
  const { promise, resolve } = Promise.withResolvers<Uint8Array>();
  let asked = false;
  return {
    sizeBytes,
    read: () => {
      asked = true;
      return promise;
    },
    arrive: () => resolve(bytes),
    isAsked: () => asked,
  };
}

it('reads a body when there is room for it, and counts what became durable', async () => {
  const { hub, ann } = test;
  const rowBody = (step: number) => streamBody({ history: [{ _step: step, loss: 1 }], offset: step });
  const first = slowBody(900, rowBody(0));
  const second = slowBody(900, rowBody(1));
  const sending = [hub.streams.ingest(ann, path, '', first), hub.streams.ingest(ann, path, '', second)];
  await vi.waitFor(() => expect(first.isAsked()).toBe(true));
  expect(second.isAsked()).toBe(false);
  expect(hub.figures()).toMatchObject({ inFlightBytes: 900, waitingBytes: 900, ingestedBodies: 0 });

  first.arrive();
  await vi.waitFor(() => expect(second.isAsked()).toBe(true));
  second.arrive();
  await Promise.all(sending);
  const bytes = rowBody(0).byteLength + rowBody(1).byteLength;
  expect(hub.figures()).toMatchObject({ inFlightBytes: 0, waitingBytes: 0, ingestedBodies: 2, ingestedBytes: bytes });
});

it('gives the room back when a body does not arrive or is refused', async () => {
  const { hub, ann } = test;
  const broken: UnreadBody = { sizeBytes: 1_000, read: () => Promise.reject(new Error('the line is cut')) };
  await expect(hub.streams.ingest(ann, path, '', broken)).rejects.toThrow('the line is cut');
  const nonsense = new TextEncoder().encode('{"files": [');
  await expect(hub.streams.ingest(ann, path, '', nonsense)).rejects.toMatchObject({ code: 'bad_request' });
  expect(hub.figures()).toMatchObject({ inFlightBytes: 0, waitingBytes: 0, ingestedBodies: 0 });
});

it('does not read the body of a stranger', async () => {
  const body = slowBody(10, streamBody());
  await expect(test.hub.streams.ingest(test.bob, path, '', body)).rejects.toMatchObject({ code: 'not_found' });
  expect(body.isAsked()).toBe(false);
});
