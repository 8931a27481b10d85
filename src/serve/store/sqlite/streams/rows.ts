import type { DatabaseSync } from 'node:sqlite';
import type { LooseJson, RunKey } from '../../../../core/model/run.ts';
import { STREAM_KINDS, type StreamExtent, type StreamKind } from '../../../../core/model/stream.ts';
import type { RowPage, RowQuery } from '../../streams.ts';
import type { ReadContext } from '../operations.ts';
import { statement } from '../statements.ts';
import { type AskedKey, askedKeys } from './asked-keys.ts';
import { SEGMENT_ROWS } from './batch.ts';
import { findKeys, streamInfo, type StreamInfo } from './columns.ts';
import { readRows } from './row-reader.ts';
import { RowFinder } from './row-finder.ts';
import { RowPrinter } from './row-text.ts';
import { nextLine } from './span.ts';

/** Operations of the reading threads. */
export const rowReads = {
  /** Answers `StreamStore.rows`. */
  readRowPage({ db }: ReadContext, query: RowQuery): RowPage {
    const info = streamInfo(db, query.run, query.stream);
    const none: RowPage = { rows: [], nextRow: null };
    if (info === null || query.limit < 1) return none;
    const asked = query.keys === undefined ? null : askedKeys(db, info.stream, query.keys);
    if (query.keys !== undefined && asked === null) return none;
    const [stepKey = null] = findKeys(db, info.stream, ['_step']);
    const groups = (asked ?? []).map(({ leaves }) => leaves.map(({ id }) => id));
    const finder = new RowFinder(db, info, groups, {
      key: stepKey,
      min: query.minStep ?? -Infinity,
      max: query.maxStep ?? Infinity,
      asked: query.minStep !== undefined || query.maxStep !== undefined,
    });
    const { rows, nextRow } = query.sample === true ? sampled(finder, info, query) : paged(finder, info, query);
    return { rows: print(db, info, rows, asked), nextRow };
  },

  /** Answers `StreamStore.extent`. */
  readExtent({ db }: ReadContext, run: RunKey, writer: string): Readonly<Record<StreamKind, StreamExtent>> {
    const extent = (kind: StreamKind): StreamExtent => {
      const info = streamInfo(db, run, kind);
      if (info === null) return { rows: 0, nextLine: 0, tail: null };
      const known = statement(db, 'select id from writer where stream = ? and name = ?').get(info.stream, writer);
      const next = known === undefined ? 0 : nextLine(db, info.stream, known['id'] as number);
      if (kind !== 'console') return { rows: info.rows, nextLine: next, tail: lastRow(db, info) };
      const lines = statement(db, 'select count(*) as n from line where stream = ?').get(info.stream);
      return { rows: (lines?.['n'] as number | undefined) ?? 0, nextLine: next, tail: null };
    };
    const [history, system, output] = STREAM_KINDS.map(extent) as [StreamExtent, StreamExtent, StreamExtent];
    return { history, system, console: output };
  },
};

function lastRow(db: DatabaseSync, info: StreamInfo): LooseJson | null {
  return info.rows === 0 ? null : (print(db, info, [info.rows - 1], null)[0] ?? null);
}

function paged(finder: RowFinder, info: StreamInfo, query: RowQuery): { rows: number[]; nextRow: number | null } {
  const rows: number[] = [];
  for (let start = query.fromRow ?? 0; start < info.rows; start = nextSegment(start)) {
    for (const row of finder.matches(start)) {
      if (rows.length === query.limit) return { rows, nextRow: row };
      rows.push(row);
    }
  }
  return { rows, nextRow: null };
}

/** Matching rows spread evenly, the first and the last among them. */
function sampled(finder: RowFinder, info: StreamInfo, query: RowQuery): { rows: number[]; nextRow: null } {
  const from = query.fromRow ?? 0;
  let total = 0;
  for (let start = from; start < info.rows; start = nextSegment(start)) total += finder.count(start);
  const count = Math.min(total, query.limit);
  const rows: number[] = [];
  let before = 0;
  for (let start = from; start < info.rows && rows.length < count; start = nextSegment(start)) {
    const here = finder.count(start);
    const wanted = () => (count === 1 ? 0 : Math.round((rows.length * (total - 1)) / (count - 1)));
    if (wanted() < before + here) {
      const matches = finder.matches(start);
      while (rows.length < count && wanted() < before + here) rows.push(matches[wanted() - before] as number);
    }
    before += here;
  }
  return { rows, nextRow: null };
}

function nextSegment(row: number): number {
  return (Math.floor(row / SEGMENT_ROWS) + 1) * SEGMENT_ROWS;
}

/** Rows by ascending number, as JSON text; each segment is decoded once. */
function print(
  db: DatabaseSync,
  info: StreamInfo,
  rows: readonly number[],
  asked: readonly AskedKey[] | null,
): LooseJson[] {
  const printer = new RowPrinter(db, info.stream, asked);
  const wanted = asked === null ? undefined : new Set(asked.flatMap(({ leaves }) => leaves.map(({ id }) => id)));
  const source = { id: info.stream, sealedRows: info.sealedRows };
  const texts: LooseJson[] = [];
  for (let i = 0; i < rows.length;) {
    const first = rows[i] as number;
    let end = i + 1;
    while (end < rows.length && (rows[end] as number) < nextSegment(first)) end++;
    const batch = readRows(db, source, first, (rows[end - 1] as number) + 1, wanted);
    for (const text of printer.print(batch, offsets(rows, i, end, first))) texts.push(text);
    i = end;
  }
  return texts;
}

function* offsets(rows: readonly number[], from: number, to: number, row0: number): Generator<number> {
  for (let i = from; i < to; i++) yield (rows[i] as number) - row0;
}
