import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProjectKey, RunKey } from '../../core/model/run.ts';
import { bucketDifference, bucketOracle, type Cell } from '../../core/query/bucket-oracle.ts';
import type { Axis, SeriesColumns } from '../../core/query/series.ts';
import type { Store } from './store.ts';

const KEYS = ['loss', '_step', '_timestamp', 'val', 'sub.x', 'odd'] as const;
type Columns = Record<(typeof KEYS)[number], Cell[]>;

/** What a script might log, row by row: a key in every row, one now and then, one nested, one that is seldom a number. */
function loggedRows(first: number, rows: number, seed: number): Columns {
  let state = seed;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const column = (value: (row: number) => Cell): Cell[] => Array.from({ length: rows }, (_, i) => value(first + i));
  return {
    loss: column(() => (random() < 0.002 ? Number.NaN : random() - 0.3)),
    _step: column((row) => 2 * row),
    _timestamp: column((row) => 1.7e9 + row * 0.25 + random() / 50),
    val: column((row) => (row % 100 === 99 ? Math.round(random() * 1e4) / 1e4 : undefined)),
    'sub.x': column(() => (random() < 0.5 ? Math.floor(random() * 10) : undefined)),
    odd: column(() => (random() < 0.0005 ? Infinity : undefined)),
  };
}

function bodyOf(columns: Columns, rows: number, line0: number): Uint8Array {
  const number = (cell: Cell): string => (Number.isFinite(cell) ? JSON.stringify(cell) : String(cell));
  const content = Array.from({ length: rows }, (_, i) => {
    const members = KEYS.flatMap((key) => {
      const cell = columns[key][i];
      if (cell === undefined) return [];
      return [key === 'sub.x' ? `"sub":{"x":${number(cell)}}` : `"${key}":${number(cell)}`];
    });
    return `{${[...members, '"note":"a text"'].join(',')}}`;
  });
  return new TextEncoder().encode(JSON.stringify({ files: { 'wandb-history.jsonl': { offset: line0, content } } }));
}

type Step =
  | { readonly do: 'log'; readonly rows: number; readonly seed: number }
  | { readonly do: 'append'; readonly rows: number; readonly seed: number }
  | { readonly do: 'settle' }
  | { readonly do: 'restart' }
  | { readonly do: 'rewind'; readonly to: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('log' as const),
      rows: fc.integer({ min: 1, max: 3_000 }),
      seed: fc.integer({ min: 1, max: 1e9 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      rows: fc.constantFrom(1, 100, 4_096, 5_000, 30_000, 70_000),
      seed: fc.integer({ min: 1, max: 1e9 }),
    }),
  },
  { weight: 2, arbitrary: fc.constantFrom({ do: 'settle' as const }, { do: 'restart' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('rewind' as const), to: fc.double({ min: 0, max: 1, noNaN: true }) }),
  },
);

interface Question {
  readonly keys: readonly (typeof KEYS)[number][];
  readonly x: Axis;
  readonly window: readonly [number, number] | null;
  readonly buckets: number;
}

const share = fc.double({ min: 0, max: 1, noNaN: true });
const question: fc.Arbitrary<Question> = fc.record({
  keys: fc.uniqueArray(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 3 }),
  x: fc.constantFrom<Axis>(
    { kind: 'step' },
    { kind: 'wall' },
    { kind: 'row' },
    { kind: 'relative' },
    { kind: 'metric', key: 'loss' },
    { kind: 'metric', key: 'val' },
    { kind: 'metric', key: 'nowhere' },
  ),
  window: fc.option(fc.tuple(share, share)),
  buckets: fc.constantFrom(1, 10, 300, 1_000),
});

/** What every store must answer to `StreamStore.series`. `open` opens the store in a folder, again after it was closed. */
export function seriesContract(open: (folder: string) => Promise<Store>): void {
  describe('series', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trackside-series-'));
    let store: Store;
    let project: ProjectKey;
    let runs = 0;

    beforeAll(async () => {
      store = await open(folder);
      await store.accounts.putUser({ username: 'ann', email: null, admin: true });
      project = (await store.projects.open('ann', 'series', 'ann')).key;
    });
    afterAll(async () => {
      await store[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    });

    async function newRun(): Promise<RunKey> {
      const made = { user: 'ann', at: 1, displayName: 'a run' };
      return (await store.runs.open(project, `run${runs++}`, made, {})).run.key;
    }

    /** Does one step to the store and to plain columns alike. */
    async function act(run: RunKey, columns: Columns, what: Step): Promise<void> {
      const rows = columns.loss.length;
      if (what.do === 'settle') {
        await store.streams.settle(run);
        await store.streams.settled();
      } else if (what.do === 'restart') {
        await store[Symbol.asyncDispose]();
        store = await open(folder);
      } else if (what.do === 'rewind') {
        const kept = Math.floor(what.to * rows);
        await store.streams.rewind(run, 2 * kept - 1);
        for (const key of KEYS) columns[key].length = kept;
      } else {
        const logged = loggedRows(rows, what.rows, what.seed);
        if (what.do === 'append') {
          logged.val = logged['sub.x'] = logged.odd = logged.loss.map(() => undefined);
          const { loss, _step, _timestamp } = logged;
          const given = Object.entries({ loss, _step, _timestamp });
          const arrays = given.map(([key, cells]) => [key, Float64Array.from(cells as number[])]);
          await store.streams.append(run, 'history', Object.fromEntries(arrays) as Record<string, Float64Array>);
        } else {
          const { nextLine } = (await store.streams.extent(run)).history;
          await store.streams.ingest(run, '', bodyOf(logged, what.rows, nextLine), 2);
        }
        for (const key of KEYS) columns[key] = columns[key].concat(logged[key]);
      }
    }

    async function ask(run: RunKey, columns: Columns, { keys, x, window, buckets }: Question): Promise<string | null> {
      const xs = axisColumn(columns, x);
      const span = xs === null ? columns.loss.length : spanOf(xs);
      const low = xs === null ? 0 : lowOf(xs);
      const bounds =
        window === null ? {} : { from: low + Math.min(...window) * span, to: low + Math.max(...window) * span };
      const series = keys.map((key) => ({ run, stream: 'history' as const, key }));
      const answers = await store.streams.series({ series, x, ...bounds, buckets });
      const isNowhere = xs === null && x.kind === 'metric';
      for (const [i, key] of keys.entries()) {
        const cells = isNowhere ? [] : columns[key];
        const oracle = bucketOracle(cells, xs, { rows: cells.length, ...bounds, buckets });
        const difference = seriesDifference(answers[i] ?? null, columns[key], oracle);
        if (difference !== null) return `${key} by ${x.kind}: ${difference}`;
      }
      return null;
    }

    test('answer as the oracle does, whatever was logged, appended, sealed, cut and opened again', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(step, fc.array(question, { minLength: 1, maxLength: 3 })), { minLength: 1, maxLength: 7 }),
          async (story) => {
            const run = await newRun();
            const columns: Columns = { loss: [], _step: [], _timestamp: [], val: [], 'sub.x': [], odd: [] };
            for (const [what, questions] of story) {
              await act(run, columns, what);
              for (const each of questions) expect(await ask(run, columns, each)).toBeNull();
            }
            // Its number may be used again: what a reader remembers of it must not be.
            await store.runs.delete(run);
          },
        ),
        { numRuns: 12 },
      );
    });

    test('are null for runs and keys that are not there, and come in the order asked for', async () => {
      const [one, two] = [await newRun(), await newRun()];
      await store.streams.append(one, 'history', { loss: Float64Array.of(1, 2, 3), _step: Float64Array.of(0, 1, 2) });
      await store.streams.append(two, 'system', { gpu: Float64Array.of(50, 60) });
      const answers = await store.streams.series({
        series: [
          { run: two, stream: 'system', key: 'gpu' },
          { run: one, stream: 'history', key: 'nothing' },
          { run: one, stream: 'history', key: 'loss' },
          { run: two, stream: 'history', key: 'loss' },
          { run: (two + 1_000) as RunKey, stream: 'history', key: 'loss' },
        ],
        x: { kind: 'step' },
        buckets: 10,
      });
      expect(answers.map((answer) => answer && [...answer.mean])).toEqual([[50, 60], null, [1, 2, 3], null, null]);
      expect(answers.map((answer) => answer?.last)).toEqual([60, undefined, 3, undefined, undefined]);
    });

    test('over a metric are empty for a run that did not log it, beside one that did', async () => {
      const [one, two] = [await newRun(), await newRun()];
      await store.streams.append(one, 'history', { loss: Float64Array.of(3, 2), epoch: Float64Array.of(0, 1) });
      await store.streams.append(two, 'history', { loss: Float64Array.of(9, 8) });
      const series = [one, two].map((run) => ({ run, stream: 'history' as const, key: 'loss' }));
      const answers = await store.streams.series({ series, x: { kind: 'metric', key: 'epoch' }, buckets: 10 });
      expect(answers.map((answer) => answer && [...answer.xMax])).toEqual([[0, 1], []]);
      expect(answers.map((answer) => answer?.total)).toEqual([2, 2]);
    });

    test('rise in version with every change, and are equal while it stays', async () => {
      const run = await newRun();
      const query = {
        series: [{ run, stream: 'history' as const, key: 'loss' }],
        x: { kind: 'row' as const },
        buckets: 5,
      };
      const versions: number[] = [];
      for (let i = 0; i < 3; i++) {
        await store.streams.append(run, 'history', { loss: Float64Array.of(i) });
        const [answer] = await store.streams.series(query);
        expect((await store.streams.series(query))[0]).toEqual(answer);
        versions.push(answer?.version ?? Number.NaN);
      }
      expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b));
    });
  });
}

/** Null: row numbers. */
function axisColumn(columns: Columns, x: Axis): Cell[] | null {
  const key = x.kind === 'step' ? '_step' : x.kind === 'wall' ? '_timestamp' : x.kind === 'metric' ? x.key : undefined;
  const column = KEYS.find((each) => each === key);
  return column === undefined || columns[column].every((cell) => cell === undefined) ? null : columns[column];
}

function lowOf(cells: readonly Cell[]): number {
  return cells.reduce<number>((low, cell) => (cell !== undefined && cell < low ? cell : low), Infinity);
}

function spanOf(cells: readonly Cell[]): number {
  const high = cells.reduce<number>((best, cell) => (cell !== undefined && cell > best ? cell : best), -Infinity);
  return high - lowOf(cells);
}

/** A key that no row holds any more, or never held, may be unknown or empty. */
function seriesDifference(
  answer: SeriesColumns | null,
  cells: readonly Cell[],
  oracle: ReturnType<typeof bucketOracle>,
): string | null {
  const held = cells.filter((cell) => cell !== undefined);
  if (answer === null) return held.length === 0 ? null : 'there is no answer';
  if (answer.total !== held.length) return `total is ${answer.total}, not ${held.length}`;
  const last = held.findLast((cell) => Number.isFinite(cell)) ?? null;
  if (!Object.is(answer.last, last)) return `last is ${answer.last}, not ${last}`;
  return bucketDifference(answer, oracle);
}
