import { expect, test } from 'vitest';
import type { SeriesColumns } from '../../core/query/series.ts';
import { SeriesStore, type SeriesName, type SeriesWindow } from './series-store.ts';

const WINDOW: SeriesWindow = { axis: { kind: 'step' }, buckets: 100 };
const name = (key: string, run = 'r'): SeriesName => ({ run, stream: 'history', key });
const columns = (version: number) => ({ version }) as SeriesColumns;

/** A loader whose answers the test gives. */
function server() {
  const asked: {
    names: readonly SeriesName[];
    answer: (columns: (SeriesColumns | null)[]) => void;
    fail: (error: Error) => void;
  }[] = [];
  const arrived: (() => void)[] = [];
  const store = new SeriesStore((names) => {
    const { promise, resolve, reject } = Promise.withResolvers<(SeriesColumns | null)[]>();
    asked.push({ names, answer: resolve, fail: reject });
    arrived.splice(0).forEach((call) => call());
    return promise;
  });
  const request = async (index: number) => {
    while (asked.length <= index) await new Promise<void>((resolve) => arrived.push(resolve));
    return asked[index] as (typeof asked)[number];
  };
  return { store, asked, request };
}

/** Resolves with the next change of what is watched. */
function watching(store: SeriesStore, names: readonly SeriesName[]) {
  let heard: (() => void) | null = null;
  const stop = store.watch(names, WINDOW, () => heard?.());
  return { stop, change: () => new Promise<void>((resolve) => (heard = resolve)) };
}

test('what panels of one screen want travels in one request', async () => {
  const { store, asked, request } = server();
  watching(store, [name('a'), name('b')]);
  const { change } = watching(store, [name('b'), name('c')]);
  const { names, answer } = await request(0);
  expect(names.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  const changed = change();
  answer([columns(1), columns(1), null]);
  await changed;
  expect(store.read(name('a'), WINDOW).columns?.version).toBe(1);
  expect(store.read(name('c'), WINDOW).columns).toBeNull();
  expect(asked).toHaveLength(1);
  store.dispose();
});

test('a change reads again what is watched of the run, and the last columns stay meanwhile', async () => {
  const { store, request } = server();
  const { change } = watching(store, [name('a'), name('a', 'other')]);
  (await request(0)).answer([columns(1), columns(1)]);
  await change();
  store.markChanged('r', ['history']);
  const { names, answer } = await request(1);
  expect(names).toEqual([name('a')]);
  expect(store.read(name('a'), WINDOW).columns?.version).toBe(1);
  const changed = change();
  answer([columns(2)]);
  await changed;
  expect(store.read(name('a'), WINDOW).columns?.version).toBe(2);
  store.dispose();
});

test('a change that comes while a request is under way is not lost', async () => {
  const { store, request } = server();
  watching(store, [name('a')]);
  const { answer } = await request(0);
  store.markChanged('r', ['history']);
  answer([columns(1)]);
  const again = await request(1);
  expect(again.names).toEqual([name('a')]);
  store.dispose();
});

test('a refusal is told beside the last columns, and what nobody watches is not asked for', async () => {
  const { store, asked, request } = server();
  const { change, stop } = watching(store, [name('a')]);
  const changed = change();
  (await request(0)).fail(new Error('full'));
  await changed;
  expect(store.read(name('a'), WINDOW)).toEqual({ columns: undefined, error: 'full' });
  stop();
  store.markChanged(null, ['history']);
  expect(asked).toHaveLength(1);
  store.dispose();
});
