import type { DatabaseSync } from 'node:sqlite';
import { statement } from '../statements.ts';
import type { StreamInfo } from './columns.ts';
import { addBatch, type KeySums } from './key-sum.ts';
import { decodeTailBody } from './tail-body.ts';

/** Keys that one connection remembers sums of, over all streams: some MiB. */
const REMEMBERED_KEYS = 50_000;

interface TailSums {
  readonly epoch: number;
  readonly sealedRows: number;
  /** The last record that is summed up. */
  seq: number;
  readonly sums: KeySums;
}

const memories = new WeakMap<DatabaseSync, Map<number, TailSums>>();

/** Sums of the rows that are not sealed; of those that were asked for before, only what is new is read. */
export function sumTail(db: DatabaseSync, info: StreamInfo): KeySums {
  let memory = memories.get(db);
  if (memory === undefined) memories.set(db, (memory = new Map()));
  let known = memory.get(info.stream);
  memory.delete(info.stream);
  if (known?.epoch !== info.epoch || known.sealedRows !== info.sealedRows) {
    known = { epoch: info.epoch, sealedRows: info.sealedRows, seq: 0, sums: new Map() };
  }
  const sql = 'select seq, body from tail where stream = ? and seq > ? order by seq';
  for (const record of statement(db, sql).iterate(info.stream, known.seq)) {
    addBatch(known.sums, decodeTailBody(record['body'] as Uint8Array));
    known.seq = record['seq'] as number;
  }
  memory.set(info.stream, known); // Behind the others: the first is the one that was asked for longest ago.
  let keys = 0;
  for (const { sums } of memory.values()) keys += sums.size + 10;
  for (const [stream, { sums }] of memory) {
    if (keys <= REMEMBERED_KEYS || stream === info.stream) break;
    keys -= sums.size + 10;
    memory.delete(stream);
  }
  return known.sums;
}
