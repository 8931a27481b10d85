import type { DatabaseSync } from 'node:sqlite';
import { NODE_COLUMNS, type Nodes } from '../../../../core/query/nodes.ts';
import { firstAtLeast } from './batch.ts';
import { ByteLru } from './byte-lru.ts';
import { type KeySource, pageRows, SEGMENT_ROWS, segmentValues, type SegmentValues } from './key-ladder.ts';
import type { TailColumn } from './columns.ts';
import { type PyramidState, readPage, readSegmentValues } from './pyramid.ts';

/** What one connection remembers of what it decoded. */
const REMEMBERED_BYTES = 24 * 1024 * 1024;

type Remembered = Nodes | SegmentValues | null;

const memories = new WeakMap<DatabaseSync, ByteLru<Remembered>>();

/** A stream as one snapshot shows it. */
export interface StreamView {
  readonly stream: number;
  readonly rows: number;
  readonly sealedRows: number;
  readonly version: number;
  /** Null before anything was sealed. */
  readonly pyramid: PyramidState | null;
}

/** One key of a stream, out of its pages, its sealed segments and its tail. */
export class SeriesSource implements KeySource {
  readonly rows: number;
  readonly #db: DatabaseSync;
  readonly #view: StreamView;
  readonly #key: number;
  readonly #tail: TailColumn | null;
  readonly #sealedSegments: number;

  constructor(db: DatabaseSync, view: StreamView, key: number, tail: TailColumn | null) {
    this.rows = view.rows;
    this.#db = db;
    this.#view = view;
    this.#key = key;
    this.#tail = tail;
    this.#sealedSegments = Math.ceil(view.sealedRows / SEGMENT_ROWS);
  }

  segment(segment: number): SegmentValues | null {
    if (segment >= this.#sealedSegments) return this.#tailSegment(segment);
    const { stream, sealedRows } = this.#view;
    const rows = Math.min(SEGMENT_ROWS, sealedRows - segment * SEGMENT_ROWS);
    return this.#remember(`s${segment}`, () => readSegmentValues(this.#db, stream, this.#key, segment, rows));
  }

  segmentNodes(segment: number, make: () => Nodes | null): Nodes | null {
    return segment < this.#sealedSegments ? this.#remember(`n${segment}`, make) : make();
  }

  page(level: number, page: number, make: () => Nodes): Nodes | null {
    const { stream, version, pyramid } = this.#view;
    const stored = (page + 1) * (pageRows(level) / SEGMENT_ROWS) <= (pyramid?.segments ?? 0);
    if (!stored) return this.#remember(`o${level} ${page} ${version}`, make);
    return this.#remember(`p${level} ${page}`, () => readPage(this.#db, stream, this.#key, level, page));
  }

  #tailSegment(segment: number): SegmentValues | null {
    if (this.#tail === null) return null;
    const row0 = segment * SEGMENT_ROWS;
    const from = firstAtLeast(this.#tail.rows, row0);
    const to = firstAtLeast(this.#tail.rows, row0 + SEGMENT_ROWS);
    if (from === to) return null;
    const count = Math.min(SEGMENT_ROWS, this.rows - row0);
    const held = to - from === count ? null : this.#tail.rows.subarray(from, to).map((row) => row - row0);
    return segmentValues(held, this.#tail.values.subarray(from, to), count);
  }

  /** The names of what is remembered hold the edition: whatever is cut or opened again gets another. */
  #remember<Value extends Remembered>(what: string, read: () => Value): Value {
    const { stream, pyramid } = this.#view;
    if (pyramid === null) return read();
    let memory = memories.get(this.#db);
    if (memory === undefined) memories.set(this.#db, (memory = new ByteLru(REMEMBERED_BYTES)));
    const name = `${stream} ${pyramid.edition} ${this.#key} ${what}`;
    const found = memory.get(name);
    if (found !== undefined) return found as Value;
    const value = read();
    memory.set(name, value, sizeOf(value) + 200);
    return value;
  }
}

function sizeOf(value: Remembered): number {
  if (value === null) return 0;
  if ('values' in value) return value.values.byteLength + (value.before?.byteLength ?? 0);
  return NODE_COLUMNS.length * value.count.byteLength;
}
