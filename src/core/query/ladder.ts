import type { Nodes } from './nodes.ts';

/**
 * The values of one key at every level: node `index` of level L covers the rows from `index * 2^L` up to
 * `(index + 1) * 2^L`. Level 0 is the rows themselves.
 */
export interface Ladder {
  /** Sets node `at` of `into`. The node must begin below the number of rows. */
  fold(level: number, index: number, into: Nodes, at: number): void;
}

/** The lowest level at which this many rows have at most `nodes` nodes. */
export function topLevel(rows: number, nodes: number): number {
  let level = 0;
  while (Math.ceil(rows / 2 ** level) > nodes) level++;
  return level;
}

/** Row numbers as the values of a key that every row holds: x when a chart has no better. */
export function rowLadder(rows: number): Ladder {
  return {
    fold(level, index, into, at) {
      const first = index * 2 ** level;
      const last = Math.min(rows, first + 2 ** level) - 1;
      into.min[at] = first;
      into.max[at] = last;
      into.mean[at] = (first + last) / 2;
      into.count[at] = last - first + 1;
      into.nan[at] = 0;
      into.inf[at] = 0;
    },
  };
}
