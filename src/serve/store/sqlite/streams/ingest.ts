import type { RunKey } from '../../../../core/model/run.ts';
import type { StreamKind } from '../../../../core/model/stream.ts';
import { FileStreamScanner, type Lines } from '../../../../track/wire/file-stream.ts';
import type { ScannedRows } from '../../../../track/wire/scanned-rows.ts';
import type { IngestOutcome } from '../../streams.ts';
import { noteIngest } from '../catalog/ingest-note.ts';
import type { WriteContext } from '../operations.ts';
import { appendLines, pushRows, toBatch } from './append.ts';
import { appendConsole } from './console.ts';
import { keyName, keyPath } from './key-path.ts';
import { sealWhenDue } from './seal.ts';
import { createStream } from './stream-state.ts';

const scanner = new FileStreamScanner();

/** Applies one file-stream body in the current transaction: its rows and lines, the run's summary and heartbeat. */
export function ingest(
  context: WriteContext,
  run: RunKey,
  writer: string,
  bytes: Uint8Array,
  at: number,
): IngestOutcome {
  const body = scanner.scan(ofFixedSize(bytes));
  const { db } = context;
  const rev = noteIngest(db, run, { at, ...(body.summary === null ? {} : { summary: body.summary }) });
  const changed: StreamKind[] = [];
  const newKeys: string[] = [];
  let advanced = false;
  const rows = (kind: 'history' | 'system', lines: Lines<ScannedRows> | null) => {
    if (lines === null || lines.lines.rows === 0) return;
    const state = createStream(context, run, kind);
    const batch = toBatch(db, state, lines.lines, (path) => newKeys.push(keyName(path)));
    const appended = appendLines(context, state, state.writer(db, writer), lines.line0, batch);
    if (appended) changed.push(kind);
    advanced ||= appended;
  };
  rows('history', body.history);
  rows('system', body.system);
  if (body.console !== null && body.console.lines.length > 0) {
    const appended = appendConsole(context, run, writer, body.console);
    if (appended.changed) changed.push('console');
    advanced ||= appended.advanced;
  }
  return {
    rev,
    changed,
    summaryChanged: body.summary !== null,
    newKeys,
    complete: body.complete,
    exitCode: body.exitCode,
    preempting: body.preempting,
    uploaded: body.uploaded,
    advanced,
  };
}

/** Puts rows given as columns of doubles behind the last row, as lines of the unnamed writer. */
export function appendColumns(
  context: WriteContext,
  run: RunKey,
  kind: 'history' | 'system',
  columns: readonly (readonly [string, Float64Array])[],
  rows: number,
): void {
  const { db } = context;
  noteIngest(db, run, { at: 0 });
  if (rows === 0) return;
  const state = createStream(context, run, kind);
  const writer = state.writer(db, '');
  const numbers = columns.map(([name, values]) => {
    return { key: state.key(db, keyPath(name), () => undefined), rows: null, values };
  });
  pushRows(db, state, { writer: writer.id, line0: writer.nextLine }, { rows, numbers, rest: [] });
  writer.nextLine += rows;
  sealWhenDue(context, state);
}

/** Bytes in resizable memory are moved out of it: it is slow to scan, and so the system has its pages back right now. */
function ofFixedSize(bytes: Uint8Array): Uint8Array {
  const { buffer, byteLength } = bytes;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return isWhole && buffer.resizable ? new Uint8Array(buffer.transferToFixedLength()) : bytes;
}
