import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { must } from '../../core/base/assert.ts';
import type { RunPath } from '../../core/model/run.ts';
import { KnownRuns } from './known-runs.ts';
import { Liveness } from './liveness.ts';
import { Notices } from './notices.ts';
import { openTestHub, streamBody, type TestHub } from './test-hub.ts';

let test: TestHub;
beforeEach(async () => {
  test = await openTestHub();
});
afterEach(() => test[Symbol.asyncDispose]());

const path: RunPath = { entity: 'ann', project: 'digits', id: 'r1' };
const at = { entity: null, project: 'digits', id: 'r1' };

const start = () => test.hub.runs.start(test.ann, at, {});
const send = (said: Parameters<typeof streamBody>[0] = {}) =>
  test.hub.streams.ingest(test.ann, path, '', streamBody(said));
const run = async () => must(await test.hub.runs.find(test.ann, path));
const state = async () => {
  const { state, stateReason } = await run();
  return [state, stateReason];
};
const row = (step: number) => ({ _step: step, loss: step / 2 });

describe('a run', () => {
  it('starts, finishes, and is not revived by what was sent before', async () => {
    const started = await start();
    expect(started.inserted).toBe(true);
    expect(started.run.displayName).toMatch(/^[a-z]+-[a-z]+-1$/);
    expect(await state()).toEqual(['running', null]);

    await send({ history: [row(0), row(1)] });
    const last = { history: [row(2)], offset: 2, complete: true, exitcode: 0 };
    await send(last);
    expect(await state()).toEqual(['finished', 'exit code 0']);
    expect((await run()).finishedAt).toBe(test.clock.now());

    await send(last);
    await send({ history: [row(0), row(1)] });
    await send();
    expect(await state()).toEqual(['finished', 'exit code 0']);

    await send({ history: [row(3)], offset: 3 });
    expect(await state()).toEqual(['running', null]);
    expect((await run()).finishedAt).toBeNull();
    await send({ complete: true, exitcode: 7 });
    expect(await state()).toEqual(['failed', 'exit code 7']);
    expect((await run()).exitCode).toBe(7);
  });

  it('is started again by name, and goes on where it was', async () => {
    const first = await start();
    await send({ history: [row(0), row(1)], complete: true, exitcode: 1 });
    const again = await start();
    expect(again.inserted).toBe(false);
    expect(again.run.displayName).toBe(first.run.displayName);
    expect(again.run).toMatchObject({ state: 'running', stateReason: null, exitCode: null, finishedAt: null });
    expect(again.extent.history).toMatchObject({ rows: 2, nextLine: 2 });
  });

  it('hears of a wish to stop, once, and says who wished it', async () => {
    await start();
    expect(await send({ history: [row(0)] })).toEqual({ stopped: false });
    const asked = await test.hub.runs.stop(test.ann, path);
    expect((await test.hub.runs.stop(test.root, path)).stopRequestedBy).toBe('ann');
    expect(asked.state).toBe('running');
    expect(await send()).toEqual({ stopped: true });
    await send({ complete: true, exitcode: 255 });
    expect(await state()).toEqual(['killed', 'stopped by ann, exit code 255']);

    const again = await start();
    expect(again.run.stopRequestedBy).toBeNull();
    expect(await send()).toEqual({ stopped: false });
  });

  it('keeps a wish to stop and a notice of preemption while its client sends config, and loses them with the next program', async () => {
    await start();
    await test.hub.runs.stop(test.ann, path);
    await send({ preempting: true });
    test.clock.advance(30_000);
    expect((await start()).run).toMatchObject({ state: 'preempting', stopRequestedBy: 'ann' });
    test.clock.advance(60_000);
    expect((await start()).run).toMatchObject({ state: 'running', stateReason: null, stopRequestedBy: null });
    expect(await send()).toEqual({ stopped: false });
    expect(await state()).toEqual(['running', null]);
  });

  it('that ended is not asked to stop', async () => {
    await start();
    await send({ complete: true, exitcode: 0 });
    expect((await test.hub.runs.stop(test.ann, path)).stopRequestedBy).toBeNull();
  });

  it('made beforehand is pending until its program sends something', async () => {
    const made = await test.hub.runs.start(test.ann, at, { displayName: 'later' }, 'pending');
    expect(made.run).toMatchObject({ state: 'pending', displayName: 'later' });
    await send();
    expect(await state()).toEqual(['running', null]);
  });

  it('takes the two states that can be set by hand, and no other', async () => {
    await start();
    await expect(test.hub.runs.setState(test.ann, path, 'finished')).rejects.toMatchObject({ code: 'bad_request' });
    expect((await test.hub.runs.setState(test.ann, path, 'failed')).stateReason).toBe('set by ann');
    expect((await test.hub.runs.setState(test.ann, path, 'pending')).state).toBe('pending');
    await expect(test.hub.runs.setState(test.ann, path, 'pending')).rejects.toThrow(/is pending and cannot be set/);
  });

  it('is rewound: later rows go, and it runs again', async () => {
    await start();
    await send({ history: [0, 1, 2, 3, 4].map(row), complete: true, exitcode: 0 });
    const { run, historyLines } = await test.hub.runs.rewind(test.ann, path, 2);
    expect([run.state, historyLines]).toEqual(['running', 3]);
    const { rows } = await test.hub.streams.rows(test.ann, run, { stream: 'history', limit: 10 });
    expect(rows.map((text) => (JSON.parse(text) as Record<string, number>)['_step'])).toEqual([0, 1, 2]);
    await expect(test.hub.runs.rewind(test.ann, path, -1)).rejects.toMatchObject({ code: 'bad_request' });
  });

  it('that was deleted refuses its rows', async () => {
    await start();
    await send({ history: [row(0)] });
    expect(await test.hub.runs.delete(test.ann, path)).toBe(true);
    expect(await test.hub.runs.delete(test.ann, path)).toBe(false);
    await expect(send({ history: [row(1)], offset: 1 })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('gets names that count, also when many start at once', async () => {
    const started = await Promise.all(
      Array.from({ length: 12 }, (_, index) => test.hub.runs.start(test.ann, { ...at, id: `r${index}` }, {})),
    );
    const numbers = started.map(({ run }) => Number(run.displayName.split('-').at(-1)));
    expect(new Set(numbers).size).toBe(12);
  });

  it('loses the control characters of its names', async () => {
    const { run } = await test.hub.runs.start(test.ann, at, {
      displayName: 'red\u001b[31malert\u0007',
      tags: ['ok', '\u0000', 'a\nb', 'ok'],
      notes: 'two\nlines\u001b]0;title\u0007',
    });
    expect(run.displayName).toBe('red [31malert');
    expect(run.tags).toEqual(['ok', 'a b']);
    expect(run.notes).toBe('two\nlines]0;title');
  });
});

describe('silence', () => {
  const minutes = (count: number): number => count * 60_000;
  let liveness: Liveness;
  beforeEach(() => {
    const { store, clock } = test;
    const parts = { store, clock, known: new KnownRuns(store), notices: new Notices(store) };
    liveness = new Liveness({ ...parts, silenceMsMax: minutes(5) });
  });
  /** Time goes by while the server looks as it should. */
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= liveness.pauseMs) {
      test.clock.advance(Math.min(left, liveness.pauseMs));
      await liveness.look();
    }
  };

  it('of five minutes is a crash, and a heartbeat revives', async () => {
    await start();
    await pass(minutes(4));
    await send();
    await pass(minutes(5));
    expect(await state()).toEqual(['running', null]);
    await pass(minutes(1));
    expect(await state()).toEqual(['crashed', 'no heartbeat for 5 min']);
  });

  it('is told by the look of the store, so that the hub revives what its cache thought alive', async () => {
    await start();
    await send({ history: [row(0)] });
    await pass(minutes(6));
    expect((await state())[0]).toBe('crashed');
    await start();
    expect(await state()).toEqual(['running', null]);
    await pass(minutes(1));
    expect(await state()).toEqual(['running', null]);
  });

  it('before the server listened does not count', async () => {
    await start();
    test.clock.advance(minutes(60));
    const { store, clock } = test;
    liveness = new Liveness({
      store,
      clock,
      known: new KnownRuns(store),
      notices: new Notices(store),
      silenceMsMax: minutes(5),
    });
    await pass(minutes(4));
    expect(await state()).toEqual(['running', null]);
    await pass(minutes(2));
    expect((await state())[0]).toBe('crashed');
  });

  it('while the machine slept does not count', async () => {
    await start();
    await pass(minutes(1));
    test.clock.advance(minutes(600));
    await liveness.look();
    await pass(minutes(4));
    expect(await state()).toEqual(['running', null]);
  });

  it('of a run that was to be preempted is its preemption; a pending run may be silent', async () => {
    await start();
    await send({ preempting: true });
    expect((await state())[0]).toBe('preempting');
    await test.hub.runs.start(test.ann, { ...at, id: 'r2' }, {}, 'pending');
    await pass(minutes(10));
    expect((await state())[0]).toBe('preempted');
    expect((await test.hub.runs.find(test.ann, { ...path, id: 'r2' }))?.state).toBe('pending');
  });
});
