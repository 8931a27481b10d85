import { randomInt } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Nodes } from '../../../../core/query/nodes.ts';
import { valuesIn } from '../../../../core/query/nodes.ts';
import { statement } from '../statements.ts';
import {
  KeyLadder,
  type KeySource,
  LEVEL_STEP,
  LOWEST_LEVEL,
  nodesOfSegment,
  pageRows,
  SEGMENT_ROWS,
  segmentValues,
  type SegmentValues,
} from './key-ladder.ts';
import { decodeNodes, encodeNodes } from './nodes-codec.ts';
import { placeOf, readNumbers, readSegment } from './sealed-read.ts';

/** Segments of a page of the lowest stored level. */
const GROUP = pageRows(LOWEST_LEVEL) / SEGMENT_ROWS;
const PAGES_OF_NEXT = 2 ** LEVEL_STEP;
const LEVELS_MAX = 40;
/** Reading this many whole columns of a segment takes about 5 ms. */
const KEYS_TOGETHER = 64;

/** How far the pyramid of a stream goes; see `migrations/0003-pyramid.sql`. */
export interface PyramidState {
  readonly segments: number;
  readonly edition: number;
}

export function pyramidState(db: DatabaseSync, stream: number): PyramidState | null {
  const sql = 'select segments, edition from pyramid where stream = ?';
  return (statement(db, sql).get(stream) as PyramidState | undefined) ?? null;
}

/**
 * To be run while segment `segment` is being sealed: writes the pages that end before it, of all keys, when 16 segments
 * have come together since the last time. Each `next()` does a few milliseconds of work at most, in a transaction of the
 * caller's; it may be given up at any point and begun again, and readers make what is missing of the segments.
 */
export function* sealPyramid(db: DatabaseSync, stream: number, segment: number): Generator<void, void> {
  const { segments = 0, edition = newEdition() } = pyramidState(db, stream) ?? {};
  for (let end = segments + GROUP; end <= segment; end += GROUP) {
    const rows = statement(db, 'select id from key where stream = ? and numbers > 0 order by id').all(stream);
    for (let from = 0; from < rows.length; from += KEYS_TOGETHER) {
      const keys = rows.slice(from, from + KEYS_TOGETHER).map((row) => row['id'] as number);
      yield* sealPages(db, stream, keys, end);
    }
    save(db, stream, end, edition);
  }
  // Readers remember nothing of a stream without an edition.
  if (segments === 0 && segment < GROUP) save(db, stream, segments, edition);
}

/**
 * The pages of some keys that end with segment `end`. Short columns share packs: keys are read together, so that each pack
 * is decoded once for many of them.
 */
function* sealPages(db: DatabaseSync, stream: number, keys: readonly number[], end: number): Generator<void, void> {
  const wanted = new Set(keys);
  const nodes = new Map(keys.map((key) => [key, new Map<number, Nodes>()]));
  for (let segment = end - GROUP; segment < end; segment++) {
    const { numbers } = readSegment(db, placeOf(stream, segment, end * SEGMENT_ROWS), wanted);
    for (const { key, rows, values } of numbers) {
      nodes.get(key)?.set(segment, nodesOfSegment(segmentValues(rows, values, SEGMENT_ROWS)));
    }
    yield;
  }
  for (const [key, segments] of nodes) {
    // Also for a key that no row of the group holds: a page above may hold values of earlier groups.
    writePages(db, new KeyLadder(new LastPageSource(db, stream, key, end, segments)), stream, key, end);
    yield;
  }
}

/** One page of the lowest level, and of those above that it completes. */
function writePages(db: DatabaseSync, ladder: KeyLadder, stream: number, key: number, end: number): void {
  let pages = end / GROUP;
  for (let level = LOWEST_LEVEL; ; level += LEVEL_STEP) {
    const nodes = ladder.page(level, pages - 1);
    if (nodes !== null && hasValues(nodes)) {
      const sql = 'insert or replace into page (stream, key, level, number, body) values (?, ?, ?, ?, ?)';
      statement(db, sql).run(stream, key, level, pages - 1, encodeNodes(nodes));
    }
    if (pages % PAGES_OF_NEXT !== 0) return;
    pages /= PAGES_OF_NEXT;
  }
}

/** One key in the first `segments` segments, which are whole; no page is looked at. */
export class PagelessSource implements KeySource {
  readonly rows: number;
  protected readonly db: DatabaseSync;
  protected readonly stream: number;
  protected readonly key: number;

  constructor(db: DatabaseSync, stream: number, key: number, segments: number) {
    this.db = db;
    this.stream = stream;
    this.key = key;
    this.rows = segments * SEGMENT_ROWS;
  }

  segment(segment: number): SegmentValues | null {
    return readSegmentValues(this.db, this.stream, this.key, segment, SEGMENT_ROWS);
  }

  segmentNodes(_segment: number, make: () => Nodes | null): Nodes | null {
    return make();
  }

  page(_level: number, _page: number, make: () => Nodes): Nodes | null {
    return make();
  }
}

/** All pages are stored but those that end with the last segment; the nodes of its group are given. */
class LastPageSource extends PagelessSource {
  readonly #group: ReadonlyMap<number, Nodes>;

  constructor(db: DatabaseSync, stream: number, key: number, segments: number, group: ReadonlyMap<number, Nodes>) {
    super(db, stream, key, segments);
    this.#group = group;
  }

  override segmentNodes(segment: number): Nodes | null {
    return this.#group.get(segment) ?? null;
  }

  override page(level: number, page: number, make: () => Nodes): Nodes | null {
    const isLast = (page + 1) * pageRows(level) === this.rows;
    return isLast ? make() : readPage(this.db, this.stream, this.key, level, page);
  }
}

export function readSegmentValues(
  db: DatabaseSync,
  stream: number,
  key: number,
  segment: number,
  rows: number,
): SegmentValues | null {
  const column = readNumbers(db, stream, key, segment);
  return column === null ? null : segmentValues(column.rows, column.values, rows);
}

/** Null when no such page is stored: below `segments` that means that no row there holds the key. */
export function readPage(db: DatabaseSync, stream: number, key: number, level: number, page: number): Nodes | null {
  const sql = 'select body from page where stream = ? and key = ? and level = ? and number = ?';
  const row = statement(db, sql).get(stream, key, level, page);
  return row === undefined ? null : decodeNodes(row['body'] as Uint8Array);
}

/**
 * To be called in the transaction that opens again, cuts or deletes sealed segments from `fromSegment` on (0: all of the
 * stream).
 */
export function cutPyramid(db: DatabaseSync, stream: number, fromSegment: number): void {
  const state = pyramidState(db, stream);
  if (state === null) return;
  const groups = Math.min(state.segments / GROUP, Math.floor(fromSegment / GROUP));
  const keys = statement(db, 'select distinct key from page where stream = ?').all(stream) as { key: number }[];
  for (const { key } of keys) {
    for (let level = LOWEST_LEVEL, pages = groups; level < LEVELS_MAX; level += LEVEL_STEP) {
      const sql = 'delete from page where stream = ? and key = ? and level = ? and number >= ?';
      statement(db, sql).run(stream, key, level, pages);
      pages = Math.floor(pages / PAGES_OF_NEXT);
    }
  }
  if (fromSegment === 0) statement(db, 'delete from pyramid where stream = ?').run(stream);
  else save(db, stream, groups * GROUP, newEdition());
}

function hasValues(nodes: Nodes): boolean {
  for (let i = 0; i < nodes.count.length; i++) if (valuesIn(nodes, i) > 0) return true;
  return false;
}

/** Drawn, not counted: a stream's number may be used again after it was deleted. */
function newEdition(): number {
  return randomInt(2 ** 47);
}

function save(db: DatabaseSync, stream: number, segments: number, edition: number): void {
  const sql = 'insert or replace into pyramid (stream, segments, edition) values (?, ?, ?)';
  statement(db, sql).run(stream, segments, edition);
}
