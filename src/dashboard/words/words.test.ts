import { expect, test } from 'vitest';
import { bytesText, columnText, countText, tickText, valueText } from './number.ts';
import { agoText, durationText } from './time.ts';

const plain = (text: string) => text.replaceAll('\u202f', ' ');

test.for([
  [0.123456, '0.1235'],
  [12345, '12345'],
  [12345.678, '12350'],
  [0.00001234, '1.234e−5'],
  [-2_500_000, '−2.5e6'],
  [0, '0'],
  [NaN, 'NaN'],
  [-Infinity, '−∞'],
] as const)('the value %d reads %s', ([value, text]) => expect(valueText(value)).toBe(text));

test.for([
  [950, '950'],
  [1_234_567, '1.23 M'],
  [20_000, '20 k'],
] as const)('the count %d reads %s', ([count, text]) => expect(plain(countText(count))).toBe(text));

test.for([
  [8.25, '8.3 s'],
  [59.6, '1 m 0 s'],
  [2_472, '41 m 12 s'],
  [9_660, '2 h 41 m'],
  [90_000, '1 d 1 h'],
] as const)('%d seconds read %s', ([seconds, text]) => expect(plain(durationText(seconds))).toBe(text));

test('values of a column keep their points under each other', () => {
  expect([0.76, 0.7639, 1.1, -12.5, 3, 0.00045].map(columnText)).toEqual([
    '0.7600',
    '0.7639',
    '1.100',
    '−12.50',
    '3',
    '0.00045',
  ]);
});

test('ages, bytes and ticks', () => {
  expect(agoText(1_000, 3_000)).toBe('now');
  expect(plain(agoText(0, 40_000))).toBe('40 s ago');
  expect(plain(agoText(0, 7_200_000))).toBe('2 h ago');
  expect(plain(bytesText(1_500_000))).toBe('1.5 MB');
  expect(plain(tickText(15_000))).toBe('15 k');
  expect(tickText(0.30000000000000004)).toBe('0.3');
});
