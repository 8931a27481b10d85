import { expect, it } from 'vitest';
import { siNumber } from './si-number.ts';

it.each([
  [0, 3, '0'],
  [999, 3, '999'],
  [999.6, 4, '0.9996 k'],
  [-12_345, 4, '-12.35 k'],
  [1_200_000, 3, '1.2 M'],
  [999_600, 3, '1 M'],
  [4e15, 3, '4 P'],
  [4e18, 3, '4000 P'],
])('%d with %d digits is %s', (value, digits, text) => {
  expect(siNumber(value, digits, ' ')).toBe(text);
});
