import { expect, test } from 'vitest';
import { drawnIds, readProjectView, toggleDrawn } from './project-view.ts';

const FIRST = ['a', 'b', 'c', 'd', 'e', 'f'];
const view = (search: Parameters<typeof readProjectView>[0]) => readProjectView({ top: '5', ...search });

test('charts show the first runs, without the hidden, with the added', () => {
  expect(drawnIds(view({}), FIRST)).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(drawnIds(view({ hide: 'b', show: 'z,a' }), FIRST)).toEqual(['a', 'c', 'd', 'e', 'z']);
  expect(drawnIds(view({ top: '0', show: 'c' }), FIRST)).toEqual(['c']);
});

test.for(['a', 'f', 'z'])('two clicks on the circle of %s change nothing', (id) => {
  const before = view({});
  const once = { ...before, ...toggleDrawn(before, FIRST, id) };
  expect(drawnIds(once, FIRST).includes(id)).toBe(!drawnIds(before, FIRST).includes(id));
  const twice = { ...once, ...toggleDrawn(once, FIRST, id) };
  expect(drawnIds(twice, FIRST)).toEqual(drawnIds(before, FIRST));
});

test('nonsense in an address is the default', () => {
  expect(readProjectView({ top: '7', layout: 'round' })).toMatchObject({ top: 10, layout: 'split', columns: null });
});
