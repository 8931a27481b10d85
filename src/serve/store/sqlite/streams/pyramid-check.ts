import type { DatabaseSync } from 'node:sqlite';
import { emptyNodes, foldNodes, NODE_COLUMNS, type Nodes, valuesIn } from '../../../../core/query/nodes.ts';
import { statement } from '../statements.ts';
import { KeyLadder, LEVEL_STEP, LOWEST_LEVEL, pageRows, SEGMENT_ROWS } from './key-ladder.ts';
import { PagelessSource, pyramidState, readPage } from './pyramid.ts';

/**
 * Makes every page of a stream again out of the values and reports those that differ, lack, or lie beyond what the stream
 * says there is. Slow: it decodes all numbers of the stream.
 */
export function checkPyramid(db: DatabaseSync, stream: number, report: (message: string) => void): void {
  const segments = pyramidState(db, stream)?.segments ?? 0;
  const rows = segments * SEGMENT_ROWS;
  const sealed = statement(db, 'select sealed_rows from stream where id = ?').get(stream)?.['sealed_rows'] as number;
  if (rows > sealed) report(`the pyramid covers ${rows} rows and only ${sealed} are sealed`);
  const keys = statement(db, 'select id, path from key where stream = ?').all(stream) as { id: number; path: string }[];
  let expected = 0;
  for (const { id, path } of keys) {
    const ladder = new KeyLadder(new PagelessSource(db, stream, id, segments));
    for (let level = LOWEST_LEVEL; pageRows(level) <= rows; level += LEVEL_STEP) {
      for (let page = 0; (page + 1) * pageRows(level) <= rows; page++) {
        const stored = readPage(db, stream, id, level, page);
        const made = ladder.page(level, page) ?? emptyNodes(0);
        const holds = valuesOf(made) > 0;
        if (holds) expected++;
        if (holds !== (stored !== null))
          report(`page ${page} of level ${level} of key ${path} ${holds ? 'is missing' : 'should be empty'}`);
        else if (stored !== null && !areSame(stored, made))
          report(`page ${page} of level ${level} of key ${path} is not what its rows hold`);
      }
    }
  }
  // Pages behind are what a seal that was given up has left; the next one replaces them.
  const sql = 'select count(*) as pages from page where stream = ? and (number + 1) * (? << level) <= ?';
  const there = statement(db, sql).get(stream, pageRows(0), rows)?.['pages'];
  if (there !== expected) report(`there are ${String(there)} pages where ${expected} should be`);
}

function valuesOf(nodes: Nodes): number {
  const all = emptyNodes(1);
  foldNodes(all, 0, nodes, 0, nodes.count.length);
  return valuesIn(all, 0);
}

function areSame(a: Nodes, b: Nodes): boolean {
  return NODE_COLUMNS.every(
    (name) => a[name].length === b[name].length && a[name].every((value, i) => Object.is(value, b[name][i])),
  );
}
