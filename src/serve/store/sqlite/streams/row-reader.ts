import type { DatabaseSync } from 'node:sqlite';
import { type Batch, joinBatches, SEGMENT_ROWS, sliceBatch } from './batch.ts';
import { placeOf, readSegment } from './sealed-read.ts';
import { decodeTailBody } from './tail-body.ts';
import { tailBody, tailPieces } from './tail.ts';

/** Rows `from` to `to` of a stream, sealed or not; with `wanted`, only these keys. */
export function readRows(
  db: DatabaseSync,
  stream: { readonly id: number; readonly sealedRows: number },
  from: number,
  to: number,
  wanted?: ReadonlySet<number>,
): Batch {
  const parts: Batch[] = [];
  let row = from;
  while (row < Math.min(to, stream.sealedRows)) {
    const segment = Math.floor(row / SEGMENT_ROWS);
    const place = placeOf(stream.id, segment, stream.sealedRows);
    const start = segment * SEGMENT_ROWS;
    const end = Math.min(to, start + place.rowCount);
    parts.push(sliceBatch(readSegment(db, place, wanted), row - start, end - start));
    row = end;
  }
  if (row < to) {
    for (const piece of tailPieces(db, stream.id, row, to)) {
      const batch = decodeTailBody(tailBody(db, stream.id, piece.seq), wanted);
      parts.push(sliceBatch(batch, Math.max(row - piece.row0, 0), Math.min(to - piece.row0, piece.n)));
    }
  }
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : joinBatches(parts);
}
