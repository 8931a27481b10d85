import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseLooseObject } from '../../core/query/loose-json.ts';
import { printLooseJson } from '../../core/query/loose-json-print.ts';
import { canonical, type OracleRow, StreamOracle } from '../../core/query/stream-oracle.ts';
import type { ProjectKey, RunKey } from '../../core/model/run.ts';
import type { KeySummary } from '../../core/model/stream.ts';
import type { Store } from './store.ts';
import { fileStreamBody, FILES, perform, readAllRows, type RowStream, streamStep } from './stream-steps.contract.ts';

const encoder = new TextEncoder();

/** What every store must do with streams. `open` opens the store in a folder, and opens it again after it was closed. */
export function streamsContract(open: (folder: string) => Promise<Store>): void {
  describe('streams', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trackside-streams-'));
    let store: Store;
    let project: ProjectKey;
    let runs = 0;

    beforeAll(async () => {
      store = await open(folder);
      await store.accounts.putUser({ username: 'ann', email: null, admin: true });
      project = (await store.projects.open('ann', 'streams', 'ann')).key;
    });
    afterAll(async () => {
      await store[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    });

    async function newRun(): Promise<RunKey> {
      const made = { user: 'ann', at: 1, displayName: 'a run' };
      return (await store.runs.open(project, `run${runs++}`, made, {})).run.key;
    }

    async function restart(): Promise<void> {
      await store[Symbol.asyncDispose]();
      store = await open(folder);
    }

    function send(run: RunKey, writer: string, kind: keyof typeof FILES, offset: number, content: readonly string[]) {
      return store.streams.ingest(run, writer, fileStreamBody({ [FILES[kind]]: { offset, content } }), 2);
    }

    function allRows(run: RunKey, stream: RowStream): Promise<OracleRow[]> {
      return readAllRows(store, run, stream);
    }

    /** All that the store tells of a stream. */
    async function told(run: RunKey, kind: RowStream, writers: readonly string[]) {
      const extents = await Promise.all(writers.map(async (writer) => (await store.streams.extent(run, writer))[kind]));
      const tail = extents[0]?.tail ?? null;
      return {
        rows: (await allRows(run, kind)).map(canonical),
        keys: byKey(await store.streams.keys(run, kind)),
        extents: extents.map((extent) => [extent.rows, extent.nextLine]),
        tail: tail === null ? null : canonical(parseLooseObject(tail)),
      };
    }

    test('a body changes rows, console, summary and heartbeat, and says what it did', async () => {
      const run = await newRun();
      const files = {
        [FILES.history]: { offset: 0, content: ['{"loss":1,"_step":0}', '{"loss":NaN,"_step":1}'] },
        [FILES.system]: { offset: 0, content: ['{"system.cpu":12.5,"_wandb":true}'] },
        [FILES.console]: { offset: 0, content: ['{"ts":"2026-01-02T03:04:05.5","content":"hello"}'] },
        'wandb-summary.json': { offset: 0, content: ['{"loss":2}', '{"loss":NaN,"_step":1}'] },
      };
      const more = { uploaded: ['a/b.png'], preempting: true, complete: true, exitcode: 3, unheard: { of: [1] } };
      const outcome = await store.streams.ingest(run, '', fileStreamBody(files, more), 77);
      expect(outcome).toMatchObject({
        changed: ['history', 'system', 'console'],
        summaryChanged: true,
        complete: true,
        exitCode: 3,
        preempting: true,
        uploaded: ['a/b.png'],
        advanced: true,
      });
      expect(outcome.newKeys.toSorted()).toEqual(['_step', '_wandb', 'loss', 'system.cpu']);
      const after = await store.runs.get(run);
      expect(after).toMatchObject({ rev: outcome.rev, heartbeatAt: 77, summary: '{"loss":NaN,"_step":1}' });
      const again = await store.streams.ingest(run, '', fileStreamBody(files, { complete: false }), 78);
      expect(again).toMatchObject({ changed: [], newKeys: [], complete: false, exitCode: null, advanced: false });
      expect(again.rev).toBeGreaterThan(outcome.rev);
    });

    test('rows come back value for value: nested keys, words that are no JSON, digits, signs, media', async () => {
      const run = await newRun();
      const lines = [
        '{"nan":NaN,"inf":Infinity,"ninf":-Infinity,"zero":-0,"tiny":5e-324,"huge":1.7976931348623157e+308}',
        '{"big":1152921504606846977,"bigger":-123456789012345678901234567890,"edge":9007199254740993,"float":1e+25}',
        '{"sub":{"x":1,"deep":{"y":-0.5},"empty":{}},"sub.x":2,"a/b":3,"":4,"list":[1,[NaN,"two"],{"k":null}]}',
        '{"text":"wörd \\"q\\" \\\\ \\u0041 \\ud83d\\ude80 <b>","yes":true,"no":false,"none":null}',
        '{"img":{"_type":"image-file","path":"media/a.png","width":3},"h":{"_type":"histogram","bins":[0,1],"values":[2]}}',
        '{}',
        '{"a":1,"a":2,"b":{"x":1},"b":{"y":2}}',
        ' { "spaced" : 1 , "list" : [ 1 , 2 ] } ',
      ];
      await send(run, '', 'history', 0, lines);
      const expected = lines.map((line) => parseLooseObject(line));
      const same = async () => expect((await allRows(run, 'history')).map(canonical)).toEqual(expected.map(canonical));
      await same();
      await store.streams.settle(run);
      await store.streams.settled();
      await same();
      const { rows } = await store.streams.rows({
        run,
        stream: 'history',
        limit: 9,
        keys: ['sub.deep.y', 'sub', 'a/b'],
      });
      expect(rows.map((text) => parseLooseObject(text))).toEqual([
        { 'sub.deep.y': -0.5, sub: { x: 1, deep: { y: -0.5 }, empty: {} }, 'a/b': 3 },
      ]);
      const names = (await store.streams.keys(run, 'history')).map(({ key }) => key);
      expect(names.filter((name) => name === 'sub.x')).toHaveLength(2);
    });

    test('malformed bodies are refused whole', async () => {
      const run = await newRun();
      const good = '{"loss":1}';
      const bad = [
        '{"loss":1',
        '{"loss":}',
        '{"loss":01}',
        '[1]',
        '7',
        '{"loss":1} x',
        '{"a":"\u0001"}',
        '{"a":tru}',
        '{a:1}',
        '',
      ];
      for (const line of bad) {
        await expect(send(run, '', 'history', 0, [good, line])).rejects.toMatchObject({ code: 'bad_request' });
      }
      const deep = `{"a":${'['.repeat(100_000)}`;
      await expect(send(run, '', 'history', 0, [good, deep])).rejects.toMatchObject({ code: 'bad_request' });
      const nested = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
      await expect(send(run, '', 'history', 0, [good, nested])).rejects.toMatchObject({ code: 'bad_request' });
      for (const text of [
        '',
        '[]',
        '{"files":',
        '{"files":{"wandb-history.jsonl":{"offset":-1,"content":["{}"]}}}',
        '{} {}',
      ]) {
        const body = encoder.encode(text);
        await expect(store.streams.ingest(run, '', body, 0)).rejects.toMatchObject({ code: 'bad_request' });
      }
      const broken = Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d);
      await expect(store.streams.ingest(run, '', broken, 0)).rejects.toMatchObject({ code: 'bad_request' });
      expect(await allRows(run, 'history')).toEqual([]);
      expect(await store.streams.keys(run, 'history')).toEqual([]);
    });

    test('a run that is not there takes nothing', async () => {
      const body = fileStreamBody({ [FILES.history]: { offset: 0, content: ['{"a":1}'] } });
      await expect(store.streams.ingest(999_999 as RunKey, '', body, 0)).rejects.toMatchObject({ code: 'not_found' });
    });

    test('ten thousand keys in a few rows, twice settled and carried on', async () => {
      const run = await newRun();
      const row = (step: number): OracleRow =>
        Object.fromEntries(
          Array.from({ length: 10_000 }, (_, i) => [`layer.${i}`, i % 3 === 0 ? step : step / (i + 1)]),
        );
      const oracle = new StreamOracle('history');
      for (let step = 0; step < 3; step++) {
        oracle.append('', step, [row(step)]);
        await send(run, '', 'history', step, [printLooseJson(row(step))]);
        await store.streams.settle(run);
        await store.streams.settled();
      }
      expect(await told(run, 'history', [''])).toEqual(toldBy(oracle, ['']));
    });

    test('pages: by keys, by steps, from a row, and spread evenly', async () => {
      const run = await newRun();
      const steps = Array.from({ length: 9_000 }, (_, i) => i);
      const all = steps.map((i) => ({ _step: 2 * i, loss: 1 / (i + 1), ...(i % 100 === 7 ? { val: i } : {}) }));
      await send(
        run,
        '',
        'history',
        0,
        all.slice(0, 5_000).map((row) => JSON.stringify(row)),
      );
      for (let i = 5_000; i < 9_000; i += 500) {
        await send(
          run,
          '',
          'history',
          i,
          all.slice(i, i + 500).map((row) => JSON.stringify(row)),
        );
      }
      const ask = async (query: object) => {
        const page = await store.streams.rows({ run, stream: 'history', limit: 10, ...query });
        return { rows: page.rows.map((row) => JSON.parse(row) as Record<string, number>), nextRow: page.nextRow };
      };
      expect(await ask({ keys: ['val'], limit: 3 })).toEqual({
        rows: [{ val: 7 }, { val: 107 }, { val: 207 }],
        nextRow: 307,
      });
      expect(await ask({ keys: ['val', '_step'], minStep: 8_200, maxStep: 8_214 })).toEqual({
        rows: [{ val: 4_107, _step: 8_214 }],
        nextRow: null,
      });
      expect((await ask({ minStep: 17_990 })).rows).toEqual(all.slice(8_995));
      expect(await ask({ fromRow: 8_998, limit: 1 })).toEqual({ rows: [all[8_998]], nextRow: 8_999 });
      expect(await ask({ keys: ['_step'], sample: true, limit: 3 })).toEqual({
        rows: [{ _step: 0 }, { _step: 9_000 }, { _step: 17_998 }],
        nextRow: null,
      });
      expect(await ask({ keys: ['val'], sample: true, limit: 1_000 })).toEqual({
        rows: all.filter((row) => 'val' in row).map(({ val }) => ({ val })),
        nextRow: null,
      });
      expect(await ask({ keys: ['nothing'] })).toEqual({ rows: [], nextRow: null });
      expect(await ask({ keys: ['val'], sample: true, limit: 1 })).toEqual({ rows: [{ val: 7 }], nextRow: null });
    });

    test('rewinding cuts history by step and the system rows that came later', async () => {
      const run = await newRun();
      const history = Array.from({ length: 5_000 }, (_, i) => ({ _step: i, _timestamp: 1_000 + i, x: i }));
      const system = Array.from({ length: 50 }, (_, i) => ({ 'system.cpu': i, _timestamp: 1_000 + i * 100 }));
      await send(
        run,
        '',
        'history',
        0,
        history.map((row) => JSON.stringify(row)),
      );
      await send(
        run,
        '',
        'system',
        0,
        system.map((row) => JSON.stringify(row)),
      );
      await store.streams.settle(run);
      await store.streams.settled();
      expect(await store.streams.rewind(run, 4_199)).toEqual({ lines: 4_200 });
      expect(await allRows(run, 'history')).toEqual(history.slice(0, 4_200));
      expect(await allRows(run, 'system')).toEqual(system.slice(0, 42));
      expect(await store.streams.rewind(run, 100)).toEqual({ lines: 101 });
      await send(run, '', 'history', 101, ['{"_step":101,"x":-1}']);
      expect((await allRows(run, 'history')).slice(-2)).toEqual([history[100], { _step: 101, x: -1 }]);
      expect((await store.streams.keys(run, 'history')).find(({ key }) => key === 'x')).toMatchObject({
        counts: { number: 102 },
        last: -1,
        min: -1,
        max: 100,
      });
      expect(await store.check()).toEqual([]);
    });

    test('a log that is uploaded again behind the lines that are there brings what is new of it, once', async () => {
      const run = await newRun();
      const log = Array.from({ length: 9_000 }, (_, i) => ({
        _step: i,
        _timestamp: 1_000 + i / 3,
        loss: i % 5 === 0 ? NaN : 1 / i,
        ...(i % 4 === 0 ? { word: `w${i}`, sub: { list: [i, { x: i }] } } : {}),
      }));
      const upload = async (writer: string, from: number, to: number, offset: number) => {
        const advanced: boolean[] = [];
        for (let at = from; at < to; at += 1_700) {
          const lines = log.slice(at, Math.min(to, at + 1_700)).map(printLooseJson);
          advanced.push((await send(run, writer, 'history', offset + at - from, lines)).advanced);
        }
        return advanced;
      };
      const lines = async () => (await store.streams.extent(run)).history;
      await upload('', 0, 5_000, 0);
      await restart();
      expect(await upload('', 0, 3_400, 5_000)).toEqual([false, false]);
      expect(await lines()).toMatchObject({ rows: 5_000, nextLine: 5_000 });
      await upload('', 0, 7_000, 5_000);
      expect(await lines()).toMatchObject({ rows: 7_000, nextLine: 12_000 });
      await store.streams.settle(run);
      await store.streams.settled();
      expect(await upload('other', 0, 7_000, 0)).not.toContain(true);
      await upload('other', 4_000, 9_000, 9);
      expect((await allRows(run, 'history')).map(canonical)).toEqual(log.map(canonical));
      // The same moment, another value: nothing is taken for what it is not.
      await send(run, '', 'history', 20_000, [
        '{"_step":8999,"_timestamp":1,"loss":7}',
        '{"_step":0,"_timestamp":1000,"loss":7}',
      ]);
      await send(run, '', 'history', 20_002, ['{"_timestamp":1,"x":1}', '{"_timestamp":1,"x":1}']);
      await send(run, '', 'history', 20_004, ['{"_timestamp":1,"x":1}']);
      expect(await lines()).toMatchObject({ rows: 9_005 });
      expect(await store.check()).toEqual([]);
    });

    test('console lines: structured and plain, replaced in place, gaps, search without colours', async () => {
      const run = await newRun();
      await send(run, '', 'console', 0, [
        '{"ts":"2026-01-02T03:04:05.5","content":"\\u001b[31mEpoch\\u001b[0m 1"}',
        '{"level":"error","ts":"2026-01-02T03:04:06Z","label":"rank 1","content":"50%|\\r"}',
        'ERROR 2026-01-02T03:04:07.000000 [rank 2] old form',
        'plain',
      ]);
      const replaced = await send(run, '', 'console', 1, ['{"content":"100%"}']);
      expect(replaced).toMatchObject({ changed: ['console'], advanced: false });
      expect(await send(run, '', 'console', 1, ['{"content":"100%"}'])).toMatchObject({ changed: [], advanced: false });
      const said = '{"ts":"2027-01-01T00:00:00","content":"\\u001b[31mEpoch\\u001b[0m 1"}';
      expect(await send(run, '', 'console', 0, [said])).toMatchObject({ changed: [], advanced: false });
      await send(run, '', 'console', 6, ['after a gap']);
      await send(run, 'other', 'console', 0, ['another epoch']);
      const at = Date.UTC(2026, 0, 2, 3, 4, 5, 500);
      const page = await store.streams.console({ run, from: 0, limit: 100 });
      expect(page).toEqual({
        total: 8,
        matches: null,
        lines: [
          { number: 0, at, stderr: false, label: null, text: '\u001b[31mEpoch\u001b[0m 1' },
          { number: 1, at: null, stderr: false, label: null, text: '100%' },
          { number: 2, at: at + 1_500, stderr: true, label: 'rank 2', text: 'old form' },
          { number: 3, at: null, stderr: false, label: null, text: 'plain' },
          { number: 6, at: null, stderr: false, label: null, text: 'after a gap' },
          { number: 7, at: null, stderr: false, label: null, text: 'another epoch' },
        ],
      });
      const found = await store.streams.console({ run, from: 0, limit: 1, search: 'EPOCH 1' });
      expect([found.lines.map(({ number }) => number), found.matches]).toEqual([[0], 1]);
      expect((await store.streams.console({ run, from: 0, limit: 5, search: '[31m' })).matches).toBe(0);
      expect((await store.streams.console({ run, from: -2, limit: 5 })).lines.map(({ number }) => number)).toEqual([
        6, 7,
      ]);
      const { console: extent } = await store.streams.extent(run);
      expect(extent).toEqual({ rows: 6, nextLine: 7, tail: null });
    });

    test('deleting a run takes its rows away', async () => {
      const run = await newRun();
      await send(run, '', 'history', 0, ['{"a":1}']);
      expect(await store.runs.delete(run)).toBe(true);
      await expect(send(run, '', 'history', 1, ['{"a":2}'])).rejects.toMatchObject({ code: 'not_found' });
      expect(await store.check()).toEqual([]);
    });

    test('random writes, retries, overlaps, gaps, writers, seals, rewinds and restarts equal the oracle', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(streamStep, { minLength: 1, maxLength: 12 }), async (steps) => {
          const run = await newRun();
          const oracle = { history: new StreamOracle('history'), system: new StreamOracle('system') };
          for (const act of steps) {
            const { said, wanted } = await perform(store, run, oracle, act, restart);
            expect(said).toEqual(wanted);
          }
          for (const kind of ['history', 'system'] as const) {
            expect(await told(run, kind, ['', 'b'])).toEqual(toldBy(oracle[kind], ['', 'b']));
          }
        }),
        { numRuns: Number(process.env['STREAM_RUNS'] ?? 15) },
      );
      expect(await store.check()).toEqual([]);
    }, 180_000);
  });
}

/** The same of the oracle as `told` of the store. */
function toldBy(oracle: StreamOracle, writers: readonly string[]) {
  const tail = oracle.rows.at(-1);
  return {
    rows: oracle.rows.map(canonical),
    keys: byKey(oracle.keys()),
    extents: writers.map((writer) => [oracle.rows.length, oracle.nextLine(writer)]),
    tail: tail === undefined ? null : canonical(tail),
  };
}

function byKey(keys: readonly KeySummary[]): readonly KeySummary[] {
  return keys.toSorted((a, b) => (canonical({ ...a }) < canonical({ ...b }) ? -1 : 1));
}
