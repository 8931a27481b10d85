import type { DatabaseSync } from 'node:sqlite';
import { statement } from '../statements.ts';
import type { Origin } from './tail.ts';

/** Rows that are lines of one writer, one after the other. */
export interface Span extends Origin {
  readonly row0: number;
  readonly n: number;
}

/** Records where sealed rows from `row0` on came from, piece after piece. */
export function pushSpans(
  db: DatabaseSync,
  stream: number,
  row0: number,
  pieces: readonly (Origin & { readonly n: number })[],
): void {
  let span: Span | undefined;
  let row = row0;
  for (const { writer, line0, n } of pieces) {
    if (span !== undefined && span.writer === writer && span.line0 + span.n === line0) {
      span = { ...span, n: span.n + n };
    } else {
      if (span !== undefined) pushSpan(db, stream, span);
      span = { row0: row, n, writer, line0 };
    }
    row += n;
  }
  if (span !== undefined) pushSpan(db, stream, span);
}

/** Records one span behind the others; one that carries on the last makes that longer. */
export function pushSpan(db: DatabaseSync, stream: number, span: Span): void {
  const sql = 'select row0, n, writer, line0 from span where stream = ? order by row0 desc limit 1';
  const last = statement(db, sql).get(stream) as Span | undefined;
  const continues =
    last !== undefined &&
    last.row0 + last.n === span.row0 &&
    last.writer === span.writer &&
    last.line0 + last.n === span.line0;
  if (continues) {
    statement(db, 'update span set n = n + ? where stream = ? and row0 = ?').run(span.n, stream, last.row0);
  } else {
    const insert = 'insert into span (stream, row0, n, writer, line0) values (?, ?, ?, ?, ?)';
    statement(db, insert).run(stream, span.row0, span.n, span.writer, span.line0);
  }
}

/** The spans of sealed rows `from` to `to`, cut to that window, in row order. */
export function spansOfRows(db: DatabaseSync, stream: number, from: number, to: number): Span[] {
  const sql = 'select row0, n, writer, line0 from span where stream = ? and row0 < ? and row0 + n > ? order by row0';
  const spans = statement(db, sql).all(stream, to, from) as unknown as Span[];
  return spans.map((span) => cutToRows(span, from, to));
}

/** The spans, sealed or not, of lines `from` to `to` of a writer, cut to that window, by line. */
export function spansOfLines(db: DatabaseSync, stream: number, writer: number, from: number, to: number): Span[] {
  const spans: Span[] = [];
  for (const table of ['span', 'tail']) {
    const sql = `select row0, n, writer, line0 from ${table} where stream = ? and writer = ? and line0 < ? and line0 + n > ?`;
    spans.push(...(statement(db, sql).all(stream, writer, to, from) as unknown as Span[]));
  }
  const cut = spans.map((span) => {
    const start = Math.max(span.line0, from);
    const end = Math.min(span.line0 + span.n, to);
    return { ...span, row0: span.row0 + start - span.line0, line0: start, n: end - start };
  });
  return cut.sort((a, b) => a.line0 - b.line0);
}

/** One beyond the highest line that the writer has in the stream. */
export function nextLine(db: DatabaseSync, stream: number, writer: number): number {
  const sql = `select max(coalesce((select max(line0 + n) from span where stream = ?1 and writer = ?2), 0),
    coalesce((select max(line0 + n) from tail where stream = ?1 and writer = ?2), 0)) as next`;
  return (statement(db, sql).get(stream, writer) as { next: number }).next;
}

/** Forgets where the rows from `row` on came from. */
export function cutSpans(db: DatabaseSync, stream: number, row: number): void {
  statement(db, 'delete from span where stream = ? and row0 >= ?').run(stream, row);
  statement(db, 'update span set n = ? - row0 where stream = ? and row0 + n > ?').run(row, stream, row);
}

function cutToRows(span: Span, from: number, to: number): Span {
  const start = Math.max(span.row0, from);
  const end = Math.min(span.row0 + span.n, to);
  return { ...span, row0: start, line0: span.line0 + start - span.row0, n: end - start };
}
