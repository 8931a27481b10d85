import fc from 'fast-check';
import type { RunKey } from '../../core/model/run.ts';
import { type LooseValue, parseLooseObject } from '../../core/query/loose-json.ts';
import { printLooseJson } from '../../core/query/loose-json-print.ts';
import type { OracleRow, StreamOracle } from '../../core/query/stream-oracle.ts';
import type { Store } from './store.ts';

export type RowStream = 'history' | 'system';

/** The file of a body that carries a stream. */
export const FILES = { history: 'wandb-history.jsonl', system: 'wandb-events.jsonl', console: 'output.log' } as const;

/** A body as a client sends it. */
export function fileStreamBody(
  files: Readonly<Record<string, { offset: number; content: readonly string[] }>>,
  more: object = {},
): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ files, ...more }));
}

export async function readAllRows(store: Store, run: RunKey, stream: RowStream): Promise<OracleRow[]> {
  const rows: OracleRow[] = [];
  for (let fromRow: number | null = 0; fromRow !== null;) {
    const page = await store.streams.rows({ run, stream, fromRow, limit: 3_000 });
    for (const row of page.rows) rows.push(parseLooseObject(row));
    fromRow = page.nextRow;
  }
  return rows;
}

type Step = typeof streamStep extends fc.Arbitrary<infer T> ? T : never;
type Oracles = Readonly<Record<RowStream, StreamOracle>>;

/** Does a step to the store and to the oracle; returns what the store said and what it should have said. */
export async function perform(
  store: Store,
  run: RunKey,
  oracle: Oracles,
  act: Step,
  restart: () => Promise<void>,
): Promise<{ said: unknown; wanted: unknown }> {
  switch (act.do) {
    case 'send': {
      const { kind, writer, rows } = act;
      const offset = Math.max(0, oracle[kind].nextLine(writer) + act.shift);
      const sent = rows.map((each, i) => ({ ...each, _step: offset + i, _timestamp: offset + i }));
      const wanted = oracle[kind].append(writer, offset, sent);
      const body = fileStreamBody({ [FILES[kind]]: { offset, content: sent.map(printLooseJson) } });
      return { said: (await store.streams.ingest(run, writer, body, 2)).advanced, wanted };
    }
    case 'retry': {
      const end = oracle[act.kind].nextLine('');
      const rows: OracleRow[] = [];
      for (let line = end - 1; line >= end - act.lines; line--) {
        const there = oracle[act.kind].line('', line);
        if (there === null) break;
        rows.unshift(there);
      }
      const file = { offset: end - rows.length, content: rows.map(printLooseJson) };
      const body = fileStreamBody({ [FILES[act.kind]]: file });
      return { said: (await store.streams.ingest(run, '', body, 2)).changed, wanted: [] };
    }
    case 'again': {
      const { rows } = oracle[act.kind];
      const there = rows.slice(act.from * rows.length, act.to * rows.length).map(reversed);
      const sent = [
        ...there,
        ...act.more.map((each, i) => ({ ...each, _step: rows.length + i, _timestamp: rows.length })),
      ];
      const said: boolean[] = [];
      const wanted: boolean[] = [];
      const start = oracle[act.kind].nextLine(act.writer) + act.gap;
      const perBody = Math.ceil(sent.length / act.bodies);
      for (let at = 0; at < sent.length; at += perBody) {
        const piece = sent.slice(at, at + perBody);
        wanted.push(oracle[act.kind].append(act.writer, start + at, piece));
        const file = { offset: start + at, content: piece.map(printLooseJson) };
        const body = fileStreamBody({ [FILES[act.kind]]: file });
        said.push((await store.streams.ingest(run, act.writer, body, 2)).advanced);
      }
      return { said, wanted };
    }
    case 'bulk': {
      const offset = oracle.history.nextLine('');
      const steps = Float64Array.from({ length: act.rows }, (_, i) => offset + i);
      const noise = steps.map((i) => Math.sin(i * act.rows));
      const rows = Array.from(steps, (_step, i) => ({ _step, _timestamp: _step, noise: noise[i] as number }));
      oracle.history.bulk(rows);
      const columns = { _step: steps, _timestamp: steps, noise };
      return { said: await store.streams.append(run, 'history', columns), wanted: undefined };
    }
    case 'settle': {
      await store.streams.settle(run);
      if (act.wait) await store.streams.settled();
      return { said: null, wanted: null };
    }
    case 'restart': {
      await restart();
      return { said: null, wanted: null };
    }
    case 'rewind': {
      rewindOracle(oracle, act.step);
      return { said: await store.streams.rewind(run, act.step), wanted: { lines: oracle.history.nextLine('') } };
    }
  }
}

/** The same row, its keys in another order. */
function reversed(each: OracleRow): OracleRow {
  return Object.fromEntries(Object.entries(each).toReversed());
}

function rewindOracle({ history, system }: Oracles, toStep: number): void {
  if (!history.cutBeyond('_step', toStep)) return;
  const last = history.rows.findLast((each) => typeof each['_timestamp'] === 'number')?.['_timestamp'];
  if (history.rows.length === 0) system.cutBeyond('_timestamp', -Infinity);
  else if (last !== undefined) system.cutBeyond('_timestamp', Number(last));
}

const scalar: fc.Arbitrary<LooseValue> = fc.oneof(
  { weight: 4, arbitrary: fc.double() },
  { weight: 2, arbitrary: fc.integer({ min: -3, max: 3 }) },
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }),
  fc.constantFrom(null, true, false, -0, NaN, Infinity),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const value: fc.Arbitrary<LooseValue> = fc.oneof(
  { weight: 6, arbitrary: scalar },
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('x', 'y', 'z.w', '_type'), scalar, { maxKeys: 2 }),
);
const row = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'n', 'n.x', 'clé "q"'), value, { maxKeys: 4 });
const kind = fc.constantFrom<RowStream>('history', 'history', 'system');
/** What may happen to a run's streams. */
export const streamStep = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      kind,
      writer: fc.constantFrom('', '', 'b'),
      shift: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: -6, max: 4 })),
      rows: fc.array(row, { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('retry' as const), kind, lines: fc.integer({ min: 1, max: 9 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('again' as const),
      kind,
      writer: fc.constantFrom('', '', 'b'),
      // What of the rows that are there is uploaded again.
      from: fc.constantFrom(0, 0, 0.3),
      to: fc.constantFrom(0.6, 1, 1),
      more: fc.array(row, { maxLength: 3 }),
      gap: fc.constantFrom(0, 0, 2),
      bodies: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('bulk' as const), rows: fc.integer({ min: 1, max: 6_000 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('settle' as const), wait: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('rewind' as const), step: fc.integer({ min: -1, max: 9_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
);
