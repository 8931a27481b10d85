import type { DatabaseSync } from 'node:sqlite';
import type { RunKey } from '../../../../core/model/run.ts';
import { STREAM_KINDS, type StreamKind } from '../../../../core/model/stream.ts';
import type { WriteContext } from '../operations.ts';
import { statement } from '../statements.ts';
import { type Batch, joinBatches, SEGMENT_ROWS } from './batch.ts';
import { storeSums } from './key-sum.ts';
import { sealPyramid } from './pyramid.ts';
import { deleteSegments, SegmentWriter } from './sealed-write.ts';
import { pushSpans } from './span.ts';
import { openStream, type StreamState } from './stream-state.ts';
import { decodeTailBody } from './tail-body.ts';
import { type Origin, type TailPiece, tailPieces } from './tail.ts';

const SLICE_MS = 4;
/** Tails larger than this are sealed some keys at a time. */
const GATHER_BYTES = 12 << 20;

/** Rows of the coming segment, some keys at a time: what the pieces of a seal work on. */
interface Source {
  readonly rows: number;
  readonly origins: readonly (Origin & { readonly n: number })[];
  batches(): Iterable<Batch>;
  /** Drops the rows from where they were. */
  remove(): void;
}

/**
 * Seals one segment: `next()` does a few milliseconds of work; the last one makes it count. Work that is not carried on
 * leaves rows behind that nobody reads; the next seal of the segment removes them.
 */
function* sealSegment(db: DatabaseSync, state: StreamState, source: Source): Generator<void, void> {
  const segment = state.sealedRows / SEGMENT_ROWS;
  deleteSegments(db, state.id, segment, segment + 1);
  yield* sealPyramid(db, state.id, segment);
  const writer = new SegmentWriter(db, state.id, segment);
  for (const batch of source.batches()) {
    yield;
    yield* writer.write(batch);
  }
  if (source.rows === SEGMENT_ROWS) storeSums(db, writer.sums);
  pushSpans(db, state.id, state.sealedRows, source.origins);
  source.remove();
  state.sealedRows += source.rows;
  state.version++;
  const sql = 'update stream set sealed_rows = ?, version = ? where id = ?';
  statement(db, sql).run(state.sealedRows, state.version, state.id);
}

/** Seals a whole segment that was never in the tail; the stream must end at its first row. */
export function sealAtOnce(db: DatabaseSync, state: StreamState, origin: Origin, batch: Batch): void {
  state.rows += batch.rows;
  const source: Source = {
    rows: batch.rows,
    origins: [{ ...origin, n: batch.rows }],
    batches: () => [batch],
    remove: () => undefined,
  };
  for (const _ of sealSegment(db, state, source));
}

function tailSource(db: DatabaseSync, state: StreamState, rows: number): Source {
  const from = state.sealedRows;
  const pieces = tailPieces(db, state.id, from, from + rows);
  return {
    rows,
    origins: pieces,
    batches: () => gather(db, state, pieces),
    remove() {
      const last = pieces.at(-1)?.seq ?? 0;
      statement(db, 'delete from tail where stream = ? and seq <= ?').run(state.id, last);
    },
  };
}

/** The records joined: at once when they are small, else in groups of keys, reading them again for each group. */
function* gather(db: DatabaseSync, state: StreamState, pieces: readonly TailPiece[]): Generator<Batch> {
  const sizeSql = 'select coalesce(sum(length(body)), 0) as bytes from tail where stream = ? and seq between ? and ?';
  const range = [state.id, pieces[0]?.seq ?? 0, pieces.at(-1)?.seq ?? 0] as const;
  const bodySql = 'select body from tail where stream = ? and seq between ? and ? order by seq';
  const { bytes } = statement(db, sizeSql).get(...range) as { bytes: number };
  const groups = Math.max(1, Math.ceil(bytes / GATHER_BYTES));
  const keys = [...state.keys.values()];
  const perGroup = Math.ceil(keys.length / groups);
  for (let group = 0; group < groups; group++) {
    const wanted = groups === 1 ? undefined : new Set(keys.slice(group * perGroup, (group + 1) * perGroup));
    const parts: Batch[] = [];
    for (const record of statement(db, bodySql).iterate(...range)) {
      parts.push(decodeTailBody(record['body'] as Uint8Array, wanted));
    }
    yield joinBatches(parts);
  }
}

/** Does some milliseconds of the sealing that the stream needs (`settle`: the last, partial segment too). Says whether none is left. */
function sealSlice(db: DatabaseSync, state: StreamState, settle: boolean, milliseconds: number): boolean {
  const until = performance.now() + milliseconds;
  do {
    if (state.sealing === null) {
      const rows = Math.min(SEGMENT_ROWS, state.rows - state.sealedRows);
      if (rows === 0 || (rows < SEGMENT_ROWS && !settle)) return true;
      state.sealing = { steps: sealSegment(db, state, tailSource(db, state, rows)), rows };
    }
    if (state.sealing.steps.next().done === true) state.sealing = null;
  } while (performance.now() < until);
  return false;
}

interface Due {
  readonly run: RunKey;
  readonly kind: StreamKind;
  readonly settle: boolean;
}

/** Streams that wait to be sealed, per writing connection. */
const queues = new WeakMap<DatabaseSync, Map<string, Due>>();

function queueOf(db: DatabaseSync): Map<string, Due> {
  let queue = queues.get(db);
  if (queue === undefined) {
    queue = new Map();
    queues.set(db, queue);
  }
  return queue;
}

/**
 * Called when rows have been added. Whole segments are sealed when the thread has time; a stream that has got two of them
 * waiting is sealed now, so that the tail stays bounded whatever arrives.
 */
export function sealWhenDue(context: WriteContext, state: StreamState): void {
  const waiting = state.rows - state.sealedRows;
  if (waiting < SEGMENT_ROWS) return;
  // Streams that are written in step would all reach a common bound at the same moment.
  const bound = SEGMENT_ROWS + ((state.id * 1_237) % SEGMENT_ROWS);
  if (waiting < bound) return ask(context, { run: state.run, kind: state.kind, settle: false });
  while (state.rows - state.sealedRows >= SEGMENT_ROWS) sealSlice(context.db, state, false, Infinity);
}

/** Asks that all rows of a run be sealed when the thread has time. */
export function settleRun(context: WriteContext, run: RunKey): void {
  for (const kind of STREAM_KINDS) ask(context, { run, kind, settle: true });
}

function ask(context: WriteContext, due: Due): void {
  const queue = queueOf(context.db);
  const name = `${due.run} ${due.kind}`;
  if (queue.get(name)?.settle !== true) queue.set(name, due);
  context.idle('seal', () => sealPending(context, SLICE_MS));
}

/** Does some milliseconds of what was asked for; says whether all of it is done. */
export function sealPending(context: WriteContext, milliseconds = SLICE_MS): boolean {
  const queue = queueOf(context.db);
  const next = queue.entries().next();
  if (next.done === true) return true;
  const [name, due] = next.value;
  const state = due.kind === 'console' ? null : openStream(context, due.run, due.kind);
  if (state === null || sealSlice(context.db, state, due.settle, milliseconds)) queue.delete(name);
  return queue.size === 0;
}

/** At the store's start: what a crash left unsealed. */
export function resumeSealing(context: WriteContext): void {
  const sql = `select s.run, s.kind, r.state in ('running', 'pending', 'preempting') as live
    from stream s join run r on r.key = s.run where exists (select 1 from tail t where t.stream = s.id)`;
  for (const row of context.db.prepare(sql).all()) {
    const kind = STREAM_KINDS[row['kind'] as number];
    if (kind !== undefined) ask(context, { run: row['run'] as RunKey, kind, settle: row['live'] === 0 });
  }
}
