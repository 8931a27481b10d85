import type { DatabaseSync } from 'node:sqlite';
import { Refusal } from '../../../../core/model/refusal.ts';
import type { RunKey } from '../../../../core/model/run.ts';
import { STREAM_KINDS, type StreamKind } from '../../../../core/model/stream.ts';
import type { WriteContext } from '../operations.ts';
import { statement } from '../statements.ts';
import { nextLine } from './span.ts';

/** Keys of one stream; more are refused. */
const KEYS_MAX = 200_000;
/** Keys that the writer remembers over all streams: about 64 MiB. */
const CACHED_KEYS = 300_000;

export interface WriterState {
  readonly id: number;
  /** One beyond its highest line. */
  nextLine: number;
}

/** What the writing thread knows of a stream. Only a cache: all of it follows from the tables. */
export class StreamState {
  readonly id: number;
  readonly run: RunKey;
  readonly kind: StreamKind;
  /** Rows there are; in the console, lines with gaps counted. */
  rows: number;
  sealedRows: number;
  version: number;
  epoch: number;
  readonly writers: Map<string, WriterState>;
  readonly keys: Map<string, number>;
  /** No row has a later `_timestamp`; null until it is asked for. */
  latestTime: number | null = null;
  /** Sealing that has begun, of so many rows. To drop it is always allowed: it begins again. */
  sealing: { readonly steps: Iterator<void, void>; readonly rows: number } | null = null;

  constructor(db: DatabaseSync, row: StreamRow, run: RunKey, kind: StreamKind) {
    this.id = row.id;
    this.run = run;
    this.kind = kind;
    this.sealedRows = row.sealed_rows;
    this.version = row.version;
    this.epoch = row.epoch;
    this.rows = row.sealed_rows;
    const last = statement(db, 'select seq, row0 + n as rows from tail where stream = ? order by seq desc limit 1');
    const tail = last.get(row.id) as { seq: number; rows: number } | undefined;
    if (tail !== undefined) {
      this.rows = tail.rows;
      this.version = Math.max(this.version, tail.seq);
    }
    this.writers = new Map();
    for (const writer of statement(db, 'select id, name from writer where stream = ?').all(row.id)) {
      const id = writer['id'] as number;
      this.writers.set(writer['name'] as string, { id, nextLine: nextLine(db, row.id, id) });
    }
    this.keys = new Map();
    for (const key of statement(db, 'select id, path from key where stream = ?').all(row.id)) {
      this.keys.set(key['path'] as string, key['id'] as number);
    }
  }

  /** The id of a writer, made if it is new. */
  writer(db: DatabaseSync, name: string): WriterState {
    let writer = this.writers.get(name);
    if (writer === undefined) {
      writer = { id: this.writers.size, nextLine: 0 };
      statement(db, 'insert into writer (stream, id, name) values (?, ?, ?)').run(this.id, writer.id, name);
      this.writers.set(name, writer);
    }
    return writer;
  }

  /** The id of a key, made if it is new. */
  key(db: DatabaseSync, path: string, onNew: (path: string) => void): number {
    let key = this.keys.get(path);
    if (key === undefined) {
      if (this.keys.size >= KEYS_MAX) {
        throw new Refusal(
          'bad_request',
          `this run has ${KEYS_MAX} keys already; nothing of this request was kept, log fewer different keys`,
        );
      }
      const sql = 'insert into key (stream, path) values (?, ?)';
      key = Number(statement(db, sql).run(this.id, path).lastInsertRowid);
      this.keys.set(path, key);
      onNew(path);
    }
    return key;
  }
}

export interface StreamRow {
  readonly id: number;
  readonly sealed_rows: number;
  readonly version: number;
  readonly epoch: number;
}

/** The row of a stream, or undefined when nothing was ever written to it. */
export function findStream(db: DatabaseSync, run: RunKey, kind: StreamKind): StreamRow | undefined {
  const sql = 'select id, sealed_rows, version, epoch from stream where run = ? and kind = ?';
  return statement(db, sql).get(run, STREAM_KINDS.indexOf(kind)) as StreamRow | undefined;
}

class StreamCache {
  readonly #states = new Map<string, StreamState>();
  #keys = 0;

  get(run: RunKey, kind: StreamKind): StreamState | undefined {
    const name = `${run} ${kind}`;
    const state = this.#states.get(name);
    if (state === undefined) return undefined;
    this.#states.delete(name); // Behind the others: the first is the one that was used longest ago.
    this.#states.set(name, state);
    return state;
  }

  put(state: StreamState): void {
    this.#states.set(`${state.run} ${state.kind}`, state);
    this.#keys = 0;
    for (const each of this.#states.values()) this.#keys += each.keys.size + 20;
    for (const [name, each] of this.#states) {
      if (this.#keys <= CACHED_KEYS || each === state) return;
      this.#keys -= each.keys.size + 20;
      this.#states.delete(name);
    }
  }

  forget(run: RunKey): void {
    for (const kind of STREAM_KINDS) this.#states.delete(`${run} ${kind}`);
  }
}

const caches = new WeakMap<DatabaseSync, StreamCache>();

function cacheOf(db: DatabaseSync): StreamCache {
  let cache = caches.get(db);
  if (cache === undefined) {
    cache = new StreamCache();
    caches.set(db, cache);
  }
  return cache;
}

/** The state of a stream that is about to change; null when it has never been written. Forgotten on rollback. */
export function openStream(context: WriteContext, run: RunKey, kind: StreamKind): StreamState | null {
  const { db } = context;
  context.onRollback(() => cacheOf(db).forget(run));
  const cached = cacheOf(db).get(run, kind);
  if (cached !== undefined) return cached;
  const row = findStream(db, run, kind);
  if (row === undefined) return null;
  const state = new StreamState(db, row, run, kind);
  cacheOf(db).put(state);
  return state;
}

/** Like `openStream`, but the stream is made if it is missing. */
export function createStream(context: WriteContext, run: RunKey, kind: StreamKind): StreamState {
  const found = openStream(context, run, kind);
  if (found !== null) return found;
  const sql = 'insert into stream (run, kind) values (?, ?)';
  statement(context.db, sql).run(run, STREAM_KINDS.indexOf(kind));
  const state = openStream(context, run, kind);
  if (state === null) throw new Error('a stream that was just made is missing');
  return state;
}

/** What is cached of a run's streams is forgotten: its rows changed by another way. */
export function forgetStreams(db: DatabaseSync, run: RunKey): void {
  cacheOf(db).forget(run);
}
