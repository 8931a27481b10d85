import type { Ladder } from '../../../../core/query/ladder.ts';
import {
  emptyNodes,
  foldNodes,
  foldValues,
  NODE_COLUMNS,
  type Nodes,
  unsetNodes,
} from '../../../../core/query/nodes.ts';

export const SEGMENT_ROWS = 4_096;
/** The lowest level that is stored; below it, nodes are made of the values. */
export const LOWEST_LEVEL = 6;
/** A page holds 1,024 nodes of its level, and every second level is stored: four pages make 1,024 nodes of the next. */
export const LEVEL_STEP = 2;
const FAN = 2 ** LEVEL_STEP;
const PAGE_NODES = 1_024;
const PARENTS_OF_PAGE = PAGE_NODES / FAN;
const NODES_OF_SEGMENT = SEGMENT_ROWS / 2 ** LOWEST_LEVEL;
const NOTHING = emptyNodes(1);

/** The values of one key in one segment. */
export interface SegmentValues {
  readonly values: Float64Array;
  /** `before[r]`: how many of the values lie in rows before row `r` of the segment. Null: every row holds one. */
  readonly before: Uint16Array | null;
  /** Rows of the segment, 4,096 in all but the last. */
  readonly rows: number;
}

/** What a ladder is made of. Null: no row holds the key there. */
export interface KeySource {
  /** Rows in the stream. */
  readonly rows: number;
  segment(segment: number): SegmentValues | null;
  /** The nodes of the lowest stored level, made of a segment's values by `make`, or remembered. */
  segmentNodes(segment: number, make: () => Nodes | null): Nodes | null;
  /** A page at a stored level; `make` gives it where none is stored yet. */
  page(level: number, page: number, make: () => Nodes): Nodes | null;
}

/** Rows of a page of this level. */
export function pageRows(level: number): number {
  return PAGE_NODES * 2 ** level;
}

/** Every level of one key: pages where they are stored, made of the level below where they are not. */
export class KeyLadder implements Ladder {
  readonly #source: KeySource;
  readonly #pages = new Map<number, Nodes | null>();
  readonly #segments = new Map<number, SegmentValues | null>();

  constructor(source: KeySource) {
    this.#source = source;
  }

  fold(level: number, index: number, into: Nodes, at: number): void {
    if (level < LOWEST_LEVEL) return this.#foldRows(index * 2 ** level, 2 ** level, into, at);
    const stored = level - ((level - LOWEST_LEVEL) % LEVEL_STEP);
    const fan = 2 ** (level - stored);
    const first = index * fan;
    const nodes = this.page(stored, Math.floor(first / PAGE_NODES));
    if (nodes === null) return foldNodes(into, at, NOTHING, 0, 1);
    const from = first % PAGE_NODES;
    foldNodes(into, at, nodes, from, Math.min(from + fan, nodes.count.length));
  }

  /** A page of a stored level; null when it holds no value. */
  page(level: number, page: number): Nodes | null {
    const name = page * 64 + level;
    let nodes = this.#pages.get(name);
    if (nodes === undefined) {
      nodes = this.#source.page(level, page, () => this.#make(level, page));
      this.#pages.set(name, nodes);
    }
    return nodes;
  }

  #make(level: number, page: number): Nodes {
    const rows = Math.min(pageRows(level), this.#source.rows - page * pageRows(level));
    const nodes = emptyNodes(Math.ceil(rows / 2 ** level));
    if (level === LOWEST_LEVEL) this.#placeSegments(page, rows, nodes);
    else this.#placePages(level, page, rows, nodes);
    return nodes;
  }

  #placeSegments(page: number, rows: number, into: Nodes): void {
    const first = (page * pageRows(LOWEST_LEVEL)) / SEGMENT_ROWS;
    for (let i = 0; i * SEGMENT_ROWS < rows; i++) {
      const part = this.#segmentNodes(first + i);
      if (part !== null) for (const name of NODE_COLUMNS) into[name].set(part[name], i * NODES_OF_SEGMENT);
    }
  }

  #placePages(level: number, page: number, rows: number, into: Nodes): void {
    for (let i = 0; i * (pageRows(level) / FAN) < rows; i++) {
      const part = this.page(level - LEVEL_STEP, page * FAN + i);
      if (part === null) continue;
      for (let from = 0, at = i * PARENTS_OF_PAGE; from < part.count.length; from += FAN, at++) {
        foldNodes(into, at, part, from, Math.min(from + FAN, part.count.length));
      }
    }
  }

  #segmentNodes(segment: number): Nodes | null {
    return this.#source.segmentNodes(segment, () => {
      const values = this.#segment(segment);
      return values === null ? null : nodesOfSegment(values);
    });
  }

  #foldRows(row: number, rows: number, into: Nodes, at: number): void {
    const values = this.#segment(Math.floor(row / SEGMENT_ROWS));
    if (values === null) return foldNodes(into, at, NOTHING, 0, 1);
    foldSegment(values, row % SEGMENT_ROWS, (row % SEGMENT_ROWS) + rows, into, at);
  }

  #segment(segment: number): SegmentValues | null {
    let values = this.#segments.get(segment);
    if (values === undefined) {
      values = this.#source.segment(segment);
      this.#segments.set(segment, values);
    }
    return values;
  }
}

/** The nodes of the lowest stored level. */
export function nodesOfSegment(values: SegmentValues): Nodes {
  const size = 2 ** LOWEST_LEVEL;
  const nodes = unsetNodes(Math.ceil(values.rows / size));
  for (let i = 0; i < nodes.count.length; i++) foldSegment(values, i * size, (i + 1) * size, nodes, i);
  return nodes;
}

function foldSegment(segment: SegmentValues, row: number, end: number, into: Nodes, at: number): void {
  const { values, before, rows } = segment;
  const from = Math.min(row, rows);
  const to = Math.min(end, rows);
  if (before === null) foldValues(into, at, values, from, to);
  else foldValues(into, at, values, before[from] as number, before[to] as number);
}

/** A segment's values by the rows, ascending, that hold them; null: all rows do. */
export function segmentValues(rows: ArrayLike<number> | null, values: Float64Array, rowCount: number): SegmentValues {
  if (rows === null) return { values, before: null, rows: rowCount };
  const before = new Uint16Array(rowCount + 1);
  for (let i = 0; i < rows.length; i++) before[(rows[i] as number) + 1] = 1;
  for (let row = 0; row < rowCount; row++) before[row + 1] = (before[row + 1] as number) + (before[row] as number);
  return { values, before, rows: rowCount };
}
