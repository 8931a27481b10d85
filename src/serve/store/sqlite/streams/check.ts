import type { DatabaseSync } from 'node:sqlite';
import type { Finding } from '../../store.ts';
import { statement } from '../statements.ts';
import { SEGMENT_ROWS } from './batch.ts';
import { addBatch, KeySum, type KeySums, storedSums } from './key-sum.ts';
import { checkPyramid } from './pyramid-check.ts';
import { placeOf, readSegment } from './sealed-read.ts';
import { spansOfRows } from './span.ts';
import { decodeTailBody } from './tail-body.ts';
import { tailBody, tailPieces } from './tail.ts';

/**
 * Checks every stream against the rules of its format: rows without holes, each row the line of one writer, all bodies
 * readable, sums right. Slow: it decodes everything.
 */
export function checkStreams(db: DatabaseSync): Finding[] {
  const findings: Finding[] = [];
  const sql = 'select s.id, s.run, s.kind, s.sealed_rows from stream s join run r on r.key = s.run order by s.id';
  for (const row of statement(db, sql).all()) {
    const name = `stream ${row['id'] as number} of run ${row['run'] as number}`;
    const report = (message: string) => void findings.push({ severity: 'error', message: `${name}: ${message}` });
    const stream = { id: row['id'] as number, sealedRows: row['sealed_rows'] as number };
    try {
      checkLines(db, stream, report);
      if (row['kind'] !== 2) checkRows(db, stream, report);
      if (row['kind'] !== 2) checkPyramid(db, stream.id, report);
    } catch (error) {
      report(`it cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return findings;
}

interface Stream {
  readonly id: number;
  readonly sealedRows: number;
}

type Report = (message: string) => void;

/** Every row is the line of a writer, and no line is there twice. */
function checkLines(db: DatabaseSync, { id, sealedRows }: Stream, report: Report): void {
  const pieces = [...spansOfRows(db, id, 0, Number.MAX_SAFE_INTEGER), ...tailPieces(db, id)];
  let row = 0;
  for (const piece of pieces) {
    if (piece.row0 !== row) report(`row ${row} should come next and row ${piece.row0} does`);
    if (piece.row0 < sealedRows && piece.row0 + piece.n > sealedRows) report(`row ${sealedRows} lies inside a piece`);
    row = piece.row0 + piece.n;
  }
  if (row < sealedRows) report(`${sealedRows} rows are sealed and only ${row} have a writer`);
  pieces.sort((a, b) => a.writer - b.writer || a.line0 - b.line0);
  pieces.forEach((piece, i) => {
    const next = pieces[i + 1];
    if (next?.writer === piece.writer && next.line0 < piece.line0 + piece.n) {
      report(`line ${next.line0} of writer ${piece.writer} is there twice`);
    }
  });
}

function checkRows(db: DatabaseSync, stream: Stream, report: Report): void {
  if (stream.sealedRows % SEGMENT_ROWS !== 0 && tailPieces(db, stream.id).length > 0) {
    report('rows follow a segment that is not whole');
  }
  const sums: KeySums = new Map();
  for (let segment = 0; segment * SEGMENT_ROWS < stream.sealedRows; segment++) {
    const place = placeOf(stream.id, segment, stream.sealedRows);
    const batch = readSegment(db, place);
    const beyond = [...batch.numbers, ...batch.rest].find(({ rows }) => (rows?.at(-1) ?? 0) >= place.rowCount);
    if (beyond !== undefined) report(`segment ${segment} has values of key ${beyond.key} behind its last row`);
    if (place.rowCount === SEGMENT_ROWS) addBatch(sums, batch);
  }
  for (const { id, path, sum } of storedSums(db, stream.id)) {
    const counted = sums.get(id) ?? new KeySum();
    if (JSON.stringify(counted) !== JSON.stringify(sum)) report(`the sum of key ${path} is not what its rows hold`);
  }
  for (const piece of tailPieces(db, stream.id)) {
    const batch = decodeTailBody(tailBody(db, stream.id, piece.seq));
    if (batch.rows !== piece.n) report(`record ${piece.seq} holds ${batch.rows} rows instead of ${piece.n}`);
  }
}
