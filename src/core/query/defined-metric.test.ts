import { expect, test } from 'vitest';
import { definitionOf } from './defined-metric.ts';

const DEFINED = ['val/loss', 'val/*', '*'].map((name) => ({ name, step: null, hidden: false }));

test.for([
  ['val/loss', 'val/loss'],
  ['val/acc', 'val/*'],
  ['lr', '*'],
] as const)('%s is ruled by %s', ([key, name]) => {
  expect(definitionOf(key, DEFINED)?.name).toBe(name);
});

test('a name without a star is no pattern', () => {
  expect(definitionOf('val/loss2', DEFINED.slice(0, 1))).toBeNull();
});
