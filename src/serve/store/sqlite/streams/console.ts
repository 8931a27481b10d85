import type { RunKey } from '../../../../core/model/run.ts';
import type { ScannedLine } from '../../../../track/wire/console-line.ts';
import type { Lines } from '../../../../track/wire/file-stream.ts';
import type { ConsoleLine } from '../../../../core/model/stream.ts';
import type { ConsolePage, ConsoleQuery } from '../../streams.ts';
import type { ReadContext, WriteContext } from '../operations.ts';
import { statement } from '../statements.ts';
import { pushSpan, spansOfLines } from './span.ts';
import { createStream, findStream } from './stream-state.ts';

const STDERR = 1;
/** What a terminal obeys instead of showing it: escape sequences, and single control characters but tab. */
// eslint-disable-next-line no-control-regex
const CONTROL = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])|[\0-\x08\x0a-\x1f\x7f]/g;

/**
 * Applies lines of a writer's output, from its line `line0` on. A line that is there is replaced; one that
 * says the same keeps its time, for `wandb sync` sends a log again with the time of the sync. Lines that it skipped have
 * numbers too, and are absent until they come.
 */
export function appendConsole(
  context: WriteContext,
  run: RunKey,
  writerName: string,
  { line0, lines }: Lines<readonly ScannedLine[]>,
): { changed: boolean; advanced: boolean } {
  const { db } = context;
  const state = createStream(context, run, 'console');
  const writer = state.writer(db, writerName);
  const end = line0 + lines.length;
  const advanced = end > writer.nextLine;
  if (advanced) {
    const n = end - writer.nextLine;
    pushSpan(db, state.id, { row0: state.rows, n, writer: writer.id, line0: writer.nextLine });
    writer.nextLine = end;
    state.rows += n;
    state.sealedRows = state.rows;
  }
  const put = statement(
    db,
    `insert into line (stream, number, at, flags, label, text) values (?1, ?2, ?3, ?4, ?5, ?6)
     on conflict do update set at = ?3, flags = ?4, label = ?5, text = ?6
     where flags <> ?4 or label is not ?5 or text <> ?6 or (at is null and ?3 is not null)`,
  );
  let changes = 0;
  for (const span of spansOfLines(db, state.id, writer.id, line0, end)) {
    for (let i = 0; i < span.n; i++) {
      const line = lines[span.line0 - line0 + i];
      if (line === undefined) continue;
      const flags = line.stderr ? STDERR : 0;
      changes += Number(put.run(state.id, span.row0 + i, line.at, flags, line.label, line.text).changes);
    }
  }
  if (changes > 0) {
    state.version++;
    const sql = 'update stream set sealed_rows = ?, version = ? where id = ?';
    statement(db, sql).run(state.rows, state.version, state.id);
  }
  return { changed: changes > 0, advanced };
}

/** Answers `StreamStore.console`. */
export function readConsole({ db }: ReadContext, query: ConsoleQuery): ConsolePage {
  const stream = findStream(db, query.run, 'console');
  if (stream === undefined) return { lines: [], total: 0, matches: query.search === undefined ? null : 0 };
  const total = stream.sealed_rows;
  const from = query.from < 0 ? Math.max(0, total + query.from) : query.from;
  if (query.search !== undefined) return search(db, stream.id, total, from, query.limit, query.search);
  const sql = 'select * from line where stream = ? and number >= ? order by number limit ?';
  const rows = statement(db, sql).all(stream.id, from, query.limit);
  return { lines: rows.map(consoleLine), total, matches: null };
}

function search(
  db: ReadContext['db'],
  stream: number,
  total: number,
  from: number,
  limit: number,
  text: string,
): ConsolePage {
  const wanted = text.toLowerCase();
  const lines: ConsoleLine[] = [];
  let matches = 0;
  for (const row of statement(db, 'select * from line where stream = ? order by number').iterate(stream)) {
    const shown = (row['text'] as string).replace(CONTROL, '').toLowerCase();
    if (!shown.includes(wanted)) continue;
    matches++;
    if ((row['number'] as number) >= from && lines.length < limit) lines.push(consoleLine(row));
  }
  return { lines, total, matches };
}

function consoleLine(row: Readonly<Record<string, unknown>>): ConsoleLine {
  return {
    number: row['number'] as number,
    at: row['at'] as number | null,
    stderr: ((row['flags'] as number) & STDERR) !== 0,
    label: row['label'] as string | null,
    text: row['text'] as string,
  };
}
