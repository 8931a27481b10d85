import type { RunKey } from '../../../../core/model/run.ts';
import type { KeySummary } from '../../../../core/model/stream.ts';
import type { ReadContext } from '../operations.ts';
import { SEGMENT_ROWS } from './batch.ts';
import { streamInfo } from './columns.ts';
import { keyName } from './key-path.ts';
import { addBatch, KeySum, type KeySums, storedSums } from './key-sum.ts';
import { placeOf, readSegment } from './sealed-read.ts';
import { sumTail } from './tail-sums.ts';

/** Operations of the reading threads. */
export const keyReads = {
  /** Answers `StreamStore.keys`: stored sums of the whole segments, and what lies behind them read now. */
  readKeys({ db }: ReadContext, run: RunKey, kind: 'history' | 'system'): KeySummary[] {
    const info = streamInfo(db, run, kind);
    if (info === null) return [];
    const stored = storedSums(db, info.stream);
    const sums: KeySums = new Map(stored.map(({ id, sum }) => [id, sum]));
    const whole = Math.floor(info.sealedRows / SEGMENT_ROWS);
    if (whole * SEGMENT_ROWS < info.sealedRows) {
      addBatch(sums, readSegment(db, placeOf(info.stream, whole, info.sealedRows)));
    }
    for (const [key, sum] of sumTail(db, info)) KeySum.of(sums, key).add(sum);
    return stored.map(({ path, sum }) => summary(path, sum)).filter(({ counts }) => Object.keys(counts).length > 0);
  },
};

function summary(path: string, sum: KeySum): KeySummary {
  const counts = {
    number: sum.numbers,
    string: sum.strings,
    boolean: sum.booleans,
    null: sum.nulls,
    list: sum.lists,
    object: sum.objects,
  };
  const held = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  return { key: keyName(path), counts: held, last: sum.last, min: sum.low, max: sum.high };
}
