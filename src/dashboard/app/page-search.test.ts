import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  parseList,
  parsePageSearch,
  printList,
  printPageSearch,
  SEARCH_NAMES,
  type PageSearch,
} from './page-search.ts';

test('a view comes back from its address, whatever it holds', () => {
  const value = fc.string({ unit: 'grapheme', minLength: 1 });
  const views = fc.dictionary(fc.constantFrom(...SEARCH_NAMES), value) as fc.Arbitrary<PageSearch>;
  fc.assert(
    fc.property(views, (view) => {
      expect(parsePageSearch(printPageSearch(view))).toEqual({ ...view });
    }),
  );
});

test('an address stays readable', () => {
  expect(printPageSearch({ filter: 'state:running lr>0.1', order: '-summary.loss' })).toBe(
    '?filter=state:running+lr%3E0.1&order=-summary.loss',
  );
  expect(printPageSearch({ filter: '', tab: undefined })).toBe('');
});

test('what nobody knows and what is empty is dropped', () => {
  expect(parsePageSearch('?filter=&evil=1&tab=logs')).toEqual({ tab: 'logs' });
});

test('lists of names come back, commas and percent signs in them too', () => {
  const names = fc.array(fc.string({ minLength: 1 }), { minLength: 1 });
  fc.assert(
    fc.property(names, (list) => {
      expect(parseList(printList(list))).toEqual(list);
    }),
  );
  expect(parseList('')).toEqual([]);
});
