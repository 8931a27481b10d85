import { expect, test } from 'vitest';
import { drawnIds, readProjectView, withDrawn } from './project-view.ts';

const FIRST = ['a', 'b', 'c', 'd', 'e', 'f'];
const view = (search: Parameters<typeof readProjectView>[0]) => readProjectView({ top: '5', ...search });

test('charts show the first runs, without the hidden, with the added', () => {
  expect(drawnIds(view({}), FIRST)).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(drawnIds(view({ hide: 'b', show: 'z,a' }), FIRST)).toEqual(['a', 'c', 'd', 'e', 'z']);
  expect(drawnIds(view({ top: '0', show: 'c' }), FIRST)).toEqual(['c']);
});

test.for([['a'], ['f'], ['z'], ['b', 'c', 'f']])('%s switched and switched back changes nothing', (ids) => {
  const before = view({});
  const drawnNow = (now: typeof before) => ids.map((id) => drawnIds(now, FIRST).includes(id));
  for (const first of [true, false]) {
    const once = { ...before, ...withDrawn(before, FIRST, ids, first) };
    expect(drawnNow(once)).toEqual(ids.map(() => first));
    expect(drawnNow({ ...once, ...withDrawn(once, FIRST, ids, !first) })).toEqual(ids.map(() => !first));
  }
  const hidden = { ...before, ...withDrawn(before, FIRST, ['a'], false) };
  expect(withDrawn(hidden, FIRST, ['a'], true)).toEqual({ show: [], hide: [] });
});

test('nonsense in an address is the default', () => {
  expect(readProjectView({ top: '7', layout: 'round' })).toMatchObject({ top: 10, layout: 'split', columns: null });
});
