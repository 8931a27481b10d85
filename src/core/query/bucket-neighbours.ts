import { topLevel, type Ladder } from './ladder.ts';
import { unsetNodes, valuesIn } from './nodes.ts';

const one = unsetNodes(1);

function holds(y: Ladder, level: number, index: number): boolean {
  y.fold(level, index, one, 0);
  return valuesIn(one, 0) > 0;
}

/** The nearest node of the level before node `index` that holds a value; null when there is none. */
export function nodeBefore(y: Ladder, level: number, index: number): number | null {
  let at = level;
  for (let node = index - 1; node >= 0;) {
    if (holds(y, at, node)) {
      while (at > level) {
        at--;
        node = holds(y, at, 2 * node + 1) ? 2 * node + 1 : 2 * node;
      }
      return node;
    }
    // Before an even node lies the second child of another parent: whole empty parents are passed at once.
    if (node % 2 === 0) {
      at++;
      node = node / 2 - 1;
    } else node--;
  }
  return null;
}

/** The nearest node of the level behind node `index` that holds a value; null when there is none. */
export function nodeBehind(y: Ladder, level: number, index: number, rows: number): number | null {
  let at = level;
  for (let node = index + 1; node * 2 ** at < rows;) {
    if (holds(y, at, node)) {
      while (at > level) {
        at--;
        node = holds(y, at, 2 * node) ? 2 * node : 2 * node + 1;
      }
      return node;
    }
    if (node % 2 === 1) {
      at++;
      node = (node + 1) / 2;
    } else node++;
  }
  return null;
}

/** The first row whose x is greater than `bound`; `rows` when there is none. */
export function firstRowBeyond(x: Ladder, bound: number, rows: number): number {
  const reaches = (level: number, index: number): boolean => {
    x.fold(level, index, one, 0);
    return (one.max[0] as number) > bound;
  };
  let level = topLevel(rows, 1);
  if (rows === 0 || !reaches(level, 0)) return rows;
  let index = 0;
  while (level > 0) {
    level--;
    index = reaches(level, 2 * index) ? 2 * index : 2 * index + 1;
  }
  return index;
}
