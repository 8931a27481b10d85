import { expect, test } from 'vitest';
import { treeLines } from './tree.ts';

const ROOT = { lr: 0.1, layers: [1, 2], model: { width: 8, inner: { act: 'relu' } }, blocks: [{ n: 1 }], empty: {} };

test('nested values as lines in the order of names', () => {
  expect(treeLines(ROOT, '').map(({ path, depth, value }) => [path, depth, value])).toEqual([
    ['blocks', 0, null],
    ['blocks.0', 1, null],
    ['blocks.0.n', 2, '1'],
    ['empty', 0, '[object Object]'],
    ['layers', 0, '1,2'],
    ['lr', 0, '0.1'],
    ['model', 0, null],
    ['model.inner', 1, null],
    ['model.inner.act', 2, 'relu'],
    ['model.width', 1, '8'],
  ]);
});

test('a search keeps what fits and the branches it hangs on', () => {
  expect(treeLines(ROOT, 'RELU').map(({ path }) => path)).toEqual(['model', 'model.inner', 'model.inner.act']);
});
