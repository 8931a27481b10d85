import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../model/refusal.ts';
import { LOOSE_JSON_DEPTH_MAX, type LooseValue, parseLooseJson } from './loose-json.ts';
import { printLooseJson, toStrictJson } from './loose-json-print.ts';

const looseValue = fc.letrec<{ value: LooseValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.double(),
    fc.integer(),
    fc.bigInt().filter((digits) => !Number.isSafeInteger(Number(digits))),
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value')),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('value')),
  ),
})).value;

describe('loose JSON', () => {
  test('what is printed is read back, every bit and digit of it', () => {
    fc.assert(
      fc.property(looseValue, (value) => {
        expect(parseLooseJson(printLooseJson(value))).toEqual(value);
      }),
    );
  });

  test('reads all that JSON.parse reads, and the same', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const [exact] = parseLooseJson(`[${json},NaN]`) as [LooseValue];
        expect(printLooseJson(exact)).toBe(printLooseJson(parseLooseJson(json)));
      }),
    );
  });

  test.each([
    ['NaN', Number.NaN],
    ['-Infinity', -Infinity],
    ['[Infinity, -0]', [Infinity, -0]],
    ['9007199254740993', 9007199254740993n],
    ['-12345678901234567890', -12345678901234567890n],
    ['9007199254740991', 9007199254740991],
    ['1e400', Infinity],
    ['12345678901234567.5', 12345678901234568],
    ['"NaN \\u00e9 \\ud83d"', 'NaN é \ud83d'],
    [' {"a" : [ ] , "b":{"__proto__":1}} ', { a: [], b: JSON.parse('{"__proto__":1}') }],
  ])('%s', (text, value) => {
    expect(parseLooseJson(text)).toEqual(value);
  });

  test.each([
    '',
    '{',
    '[1,]',
    '{"a"}',
    '{"a":1,}',
    '{a:1}',
    '01',
    '+1',
    '.5',
    'nan',
    '"\\x"',
    '"open',
    '"\n"',
    '1 2',
    'nul',
    '-',
    '--1',
    '-NaN',
    '[1 2]',
  ])('refuses %j and says where', (text) => {
    expect(() => parseLooseJson(text)).toThrow(Refusal);
    expect(() => parseLooseJson(text)).toThrow(/at character \d+$/);
  });

  test('strict JSON gets as text what it cannot hold as a number', () => {
    const strict = toStrictJson(parseLooseJson('{"a":[NaN,-Infinity,1.5,null],"b":9007199254740993}'));
    expect(strict).toEqual({ a: ['NaN', '-Infinity', 1.5, null], b: '9007199254740993' });
  });

  test('a million brackets are refused, not a broken stack', () => {
    expect(() => parseLooseJson('['.repeat(1_000_000))).toThrow(Refusal);
    expect(() => parseLooseJson(`${'{"a":['.repeat(500_000)}1${']}'.repeat(500_000)}`)).toThrow(Refusal);
    const deep = `${'['.repeat(LOOSE_JSON_DEPTH_MAX)}${']'.repeat(LOOSE_JSON_DEPTH_MAX)}`;
    expect(printLooseJson(parseLooseJson(deep))).toBe(deep);
  });
});
