import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProjectKey, Run, RunKey } from '../../core/model/run.ts';
import { RUN_STATES, type RunState } from '../../core/model/run-state.ts';
import { type Cell, cellOf } from '../../core/query/filter-cell.ts';
import type { Filter, FilterValue } from '../../core/query/filter.ts';
import { matchesFilter } from '../../core/query/filter-match.ts';
import { isLooseObject, type LooseValue, parseLooseObject } from '../../core/query/loose-json.ts';
import { printRunField, RUN_ATTRIBUTES, type RunField } from '../../core/query/run-field.ts';
import { compareRuns } from '../../core/query/run-order.ts';
import { looseJson, madeBy } from './catalog-example.ts';
import type { RunColumn, RunRow } from './runs.ts';
import type { Store } from './store.ts';

const IDS = ['a', 'b', 'c', 'd', 'e', 'f'];
const PATHS = ['x', 'y', 'sub.x', 'a.b', 'a.b.value'];
const COLUMNS: readonly RunField[] = [
  ...RUN_ATTRIBUTES.map((name) => ({ of: 'run' as const, name })),
  ...PATHS.flatMap((path) => [
    { of: 'config' as const, path },
    { of: 'summary' as const, path },
  ]),
];
const WORDS = ['seed', 'Seed 12', '12', 'true', '', 'model:eo1', '2026-11-22'];

const number = fc.constantFrom(
  '0',
  '-0',
  '1',
  '12',
  '0.5',
  '-1e300',
  'NaN',
  'Infinity',
  '-Infinity',
  '9007199254740993',
);
const json = fc.oneof(
  { weight: 3, arbitrary: number },
  fc.constantFrom(...WORDS.map((word) => JSON.stringify(word))),
  fc.constantFrom('true', 'false', 'null', '[1,"b"]', '{"x":3,"b":"seed"}', '{"b":{"value":2}}', '{}'),
);
const key = fc.constantFrom('x', 'y', 'sub', 'sub.x', 'a', 'a.b', 'b', '_step', '_wandb');
const members = (wrap: (value: string) => string) =>
  fc
    .uniqueArray(fc.tuple(key, json), { selector: ([name]) => name, maxLength: 5 })
    .map((all) => looseJson(`{${all.map(([name, value]) => `${JSON.stringify(name)}:${wrap(value)}`).join(',')}}`));
const config = members((value) => `{"desc":null,"value":${value}}`);
const summary = members((value) => value);

type Asked = {
  do: 'ask';
  filter: Filter | null;
  order: { field: RunField; descending: boolean }[];
  offset: number;
  limit: number;
};
type Act =
  | { do: 'open' | 'edit'; id: string; patch: object }
  | { do: 'state'; id: string; to: RunState; at: number }
  | { do: 'ingest'; id: string; summary: string; at: number }
  | { do: 'delete'; id: string }
  | Asked;

const id = fc.constantFrom(...IDS);
const at = fc.constantFrom(1_000, 2_000, Date.parse('2026-11-22T00:00:00Z'));
const text = fc.constantFrom(null, ...WORDS);
const patch = fc.record(
  {
    config,
    summary,
    displayName: fc.constantFrom(...WORDS),
    tags: fc.uniqueArray(fc.constantFrom(...WORDS), { maxLength: 3 }),
    group: text,
    jobType: text,
    host: text,
    notes: text,
  },
  { requiredKeys: [] },
);
const field: fc.Arbitrary<RunField> = fc.oneof(
  fc.record({ of: fc.constant('run' as const), name: fc.constantFrom(...RUN_ATTRIBUTES) }),
  fc.record({ of: fc.constantFrom('config' as const, 'summary' as const), path: fc.constantFrom(...PATHS) }),
);
const value: fc.Arbitrary<FilterValue> = fc.oneof(
  fc.constantFrom<FilterValue>(0, 1, 12, 0.5, Number.NaN, Infinity, 1_000, 9007199254740992, true, false, null),
  fc.constantFrom<FilterValue>(...WORDS, ...RUN_STATES),
);
const filter = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3 },
    fc.record({ op: fc.constantFrom('eq', 'ne', 'gt', 'gte', 'lt', 'lte'), field, value }),
    fc.record({ op: fc.constant('in' as const), field, values: fc.array(value, { maxLength: 3 }) }),
    fc.record({ op: fc.constant('has' as const), field, value: fc.constantFrom(...WORDS, 'EED') }),
    fc.record({ op: fc.constant('exists' as const), field }),
    fc.record({
      op: fc.constant('matches' as const),
      field,
      pattern: fc.constantFrom('^1', '(?i)seed', '\\d+$', '^$'),
    }),
    fc.record({ op: fc.constantFrom('and', 'or'), of: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.record({ op: fc.constant('not' as const), of: tie('filter') }),
  ),
})).filter;
const asked = fc.record({
  do: fc.constant('ask' as const),
  filter: fc.option(filter),
  order: fc.array(fc.record({ field, descending: fc.boolean() }), { maxLength: 2 }),
  offset: fc.integer({ min: 0, max: 4 }),
  limit: fc.integer({ min: 0, max: 6 }),
});
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('open', 'edit'), id, patch }) },
  fc.record({ do: fc.constant('state' as const), id, to: fc.constantFrom(...RUN_STATES), at }),
  fc.record({ do: fc.constant('ingest' as const), id, summary, at }),
  fc.record({ do: fc.constant('delete' as const), id }),
  { weight: 3, arbitrary: asked },
);

/** What every store must answer of a runs table, compared with the definition applied to each run. */
export function runsTableContract(open: (folder: string) => Promise<Store>): void {
  describe('runs table', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trackside-table-'));
    let store: Store;
    let projects = 0;

    beforeAll(async () => {
      store = await open(folder);
      await store.accounts.putUser({ username: 'ann', email: null, admin: true });
    });
    afterAll(async () => {
      expect(await store.check()).toEqual([]);
      await store[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    });

    async function newProject(): Promise<ProjectKey> {
      return (await store.projects.open('ann', `table${projects++}`, 'ann')).key;
    }

    async function apply(project: ProjectKey, act: Exclude<Act, { do: 'ask' }>, runs: Map<string, RunKey>, i: number) {
      if (act.do === 'open') {
        const { run } = await store.runs.open(project, act.id, madeBy('ann', 1_000 + (i % 3)), act.patch);
        runs.set(act.id, run.key);
        return;
      }
      const key = runs.get(act.id);
      if (key === undefined) return;
      if (act.do === 'edit') await store.runs.edit(key, act.patch);
      else if (act.do === 'state') await store.runs.changeState(key, { to: act.to, reason: null, at: act.at });
      else if (act.do === 'ingest') await store.streams.ingest(key, '', summaryBody(act.summary), act.at);
      else if (await store.runs.delete(key)) runs.delete(act.id);
    }

    /** What the store answers in all three ways, and what is right by the definition. */
    async function ask(project: ProjectKey, asked: Asked, keys: Iterable<RunKey>) {
      const { filter, order, offset, limit } = asked;
      const query = { project, filter, order, offset, limit };
      const table = await store.runs.table(query, COLUMNS);
      const told = {
        list: await store.runs.list(query),
        table,
        count: await store.runs.count(project, filter),
        columns: (await store.runs.columns(project)).toSorted(byName),
      };
      const runs = (await Promise.all([...keys].map((key) => store.runs.get(key)))) as Run[];
      const matching = runs.filter((run) => matchesFilter(run, filter)).toSorted((a, b) => compareRuns(a, b, order));
      const page = matching.slice(offset, offset + limit);
      const total = matching.length;
      const rows = page.map(rowOf);
      const right = { list: { total, runs: page }, table: { total, rows }, count: total, columns: columnsOf(runs) };
      return { told, right };
    }

    test('is right after any change, for any filter and order', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 25, size: 'max' }), asked, async (acts, last) => {
          const project = await newProject();
          const runs = new Map<string, RunKey>();
          const answers: Awaited<ReturnType<typeof ask>>[] = [];
          for (const [i, each] of [...acts, last].entries()) {
            if (each.do === 'ask') answers.push(await ask(project, each, runs.values()));
            else await apply(project, each, runs, i);
          }
          expect(answers.map(({ told }) => told)).toEqual(answers.map(({ right }) => right));
        }),
        { numRuns: 70 },
      );
    });

    test('is right when thousands were deleted since it was last asked', async () => {
      const project = await newProject();
      const opened = Array.from({ length: 1_500 }, (_, i) => store.runs.open(project, `r${i}`, madeBy('ann', i), {}));
      const keys = (await Promise.all(opened)).map(({ run }) => run.key);
      const first = { do: 'ask' as const, filter: null, order: [], offset: 0, limit: 3 };
      const before = await ask(project, first, keys);
      expect(before.told).toEqual(before.right);
      await Promise.all(keys.slice(0, -5).map((key) => store.runs.delete(key)));
      const after = await ask(project, first, keys.slice(-5));
      expect(after.told).toEqual(after.right);
    });

    test('is right for texts that are too long to be kept in memory', async () => {
      const project = await newProject();
      const keys: RunKey[] = [];
      for (let i = 0; i < 24; i++) {
        const notes = `${i % 2 === 0 ? 'even' : 'odd'} ${'x'.repeat(2_500_000)}`;
        keys.push((await store.runs.open(project, `r${i}`, madeBy('ann', i), { notes })).run.key);
      }
      const field = { of: 'run' as const, name: 'notes' as const };
      const query = { do: 'ask' as const, order: [], offset: 0, limit: 2 };
      for (const filter of [{ op: 'has' as const, field, value: 'EVEN' }, null, { op: 'exists' as const, field }]) {
        const { told, right } = await ask(project, { ...query, filter }, keys);
        expect(told.count).toBe(right.count);
        expect(told.list.runs.map(({ id }) => id)).toEqual(right.list.runs.map(({ id }) => id));
      }
    });

    test('pages put together are the whole, also when thousands are skipped', async () => {
      const project = await newProject();
      const opened = Array.from({ length: 600 }, (_, i) =>
        store.runs.open(project, `r${i}`, madeBy('ann', i % 7), { summary: looseJson(`{"x":${(i * 37) % 101}}`) }),
      );
      await Promise.all(opened);
      const order = [{ field: { of: 'summary' as const, path: 'x' }, descending: true }];
      const all = await store.runs.list({ project, filter: null, order, offset: 0, limit: 1_000 });
      const pages: Run[] = [];
      for (let offset = 0; offset < 600; offset += 50) {
        pages.push(...(await store.runs.list({ project, filter: null, order, offset, limit: 50 })).runs);
      }
      expect(pages).toEqual(all.runs);
      expect(new Set(pages.map((run) => run.key)).size).toBe(600);
    });

    test('the columns that runs have, with how many hold them and of what type', async () => {
      const project = await newProject();
      const patches = [
        [
          '{"lr":{"value":0.1},"opt":{"value":{"name":"adam"}},"_wandb":{"value":{"t":1}}}',
          '{"loss":NaN,"_step":1,"note":"a"}',
        ],
        ['{"lr":{"value":1},"opt":{"value":{"name":"sgd"}}}', '{"loss":1,"best":{"acc":1},"_wandb":{"runtime":1}}'],
        ['{"lr":{"value":"auto"},"none":{"value":null}}', '{"loss":1,"ok":true,"img":{"_type":"image-file","size":3}}'],
      ] as const;
      for (const [i, [config, summary]] of patches.entries()) {
        await store.runs.open(project, `r${i}`, madeBy('ann', i), {
          config: looseJson(config),
          summary: looseJson(summary),
        });
      }
      const columns = await store.runs.columns(project);
      const told = columns.map(({ field, runs, type }) => [field.of, 'path' in field && field.path, runs, type]);
      expect(told).toHaveLength(8);
      expect(told).toEqual(
        expect.arrayContaining([
          ['config', 'lr', 3, 'mixed'],
          ['config', 'opt.name', 2, 'string'],
          ['summary', 'loss', 3, 'number'],
          ['summary', '_step', 1, 'number'],
          ['summary', 'note', 1, 'string'],
          ['summary', 'best.acc', 1, 'number'],
          ['summary', 'ok', 1, 'boolean'],
          ['summary', 'img', 1, 'mixed'],
        ]),
      );
      expect(columns.map(({ runs }) => runs)).toEqual(columns.map(({ runs }) => runs).toSorted((a, b) => b - a));
    });
  });
}

/** The columns that these runs have, by the definition. */
function columnsOf(runs: readonly Run[]): RunColumn[] {
  const found = new Map<string, { field: RunField; types: RunColumn['type'][] }>();
  let seen = new Set<string>();
  const look = (of: 'config' | 'summary', path: string, value: LooseValue | undefined, depth: number) => {
    if (value === null || value === undefined || path === '_wandb') return;
    if (isLooseObject(value) && depth < 4 && !('_type' in value)) {
      for (const [key, inner] of Object.entries(value)) look(of, `${path}.${key}`, inner, depth + 1);
      return;
    }
    const field = { of, path };
    // A run counts once, also when `sub.x` is written in two ways in it.
    if (seen.has(printRunField(field))) return;
    seen.add(printRunField(field));
    const entry = found.get(printRunField(field)) ?? { field, types: [] };
    entry.types.push(typeof value === 'object' ? 'mixed' : (typeof value as RunColumn['type']));
    found.set(printRunField(field), entry);
  };
  for (const { config, summary } of runs) {
    seen = new Set();
    for (const [key, wrapped] of Object.entries(parseLooseObject(config))) {
      look('config', key, isLooseObject(wrapped) ? wrapped['value'] : undefined, 1);
    }
    for (const [key, value] of Object.entries(parseLooseObject(summary))) look('summary', key, value, 1);
  }
  const columns = [...found.values()].map(({ field, types: all }): RunColumn => {
    const types = all.map((type) => ((type as string) === 'bigint' ? 'number' : type));
    return { field, runs: types.length, type: new Set(types).size === 1 ? (types[0] as RunColumn['type']) : 'mixed' };
  });
  return columns.sort(byName);
}

function byName(a: RunColumn, b: RunColumn): number {
  return printRunField(a.field) < printRunField(b.field) ? -1 : 1;
}

function summaryBody(summary: string): Uint8Array {
  const files = { 'wandb-summary.json': { offset: 0, content: [summary] } };
  return new TextEncoder().encode(JSON.stringify({ files }));
}

/** The table's row of a run, by the definition. */
function rowOf(run: Run): RunRow {
  const { key, id, displayName, state, stateReason, tags, group, jobType, user, createdAt, heartbeatAt } = run;
  const values = COLUMNS.map((column) => shown(cellOf(run, column)));
  const { finishedAt, rev } = run;
  return {
    key,
    id,
    displayName,
    state,
    stateReason,
    tags,
    group,
    jobType,
    user,
    createdAt,
    heartbeatAt,
    finishedAt,
    rev,
    values,
  };
}

function shown(cell: Cell): RunRow['values'][number] {
  if (cell === undefined) return null;
  if (typeof cell === 'bigint') return String(cell);
  return typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : cell;
}
