import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../model/refusal.ts';
import { compilePattern } from './filter-pattern.ts';

/** Random patterns of the syntax that JavaScript reads the same way. */
const pattern = fc
  .letrec<{ one: string; all: string }>((tie) => ({
    one: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(
        'a',
        'b',
        '_',
        '.',
        'é',
        '😀',
        '\\d',
        '\\W',
        '\\s',
        '[ab]',
        '[^a-c]',
        '[\\w-]',
        '\\.',
        '^',
        '$',
        '\\b',
        '\\B',
        '\\x61',
      ),
      fc.tuple(tie('all'), fc.constantFrom('(', '(?:', '(?<n>')).map(([inner]) => `(${inner})`),
      fc
        .tuple(tie('all'), fc.constantFrom('*', '+', '?', '{2}', '{0,2}', '{1,}', '*?'))
        .map(([inner, times]) => `(?:${inner})${times}`),
    ),
    all: fc.oneof(
      { maxDepth: 3 },
      fc.array(tie('one'), { maxLength: 4 }).map((parts) => parts.join('')),
      fc.tuple(tie('all'), tie('all')).map(([left, right]) => `${left}|${right}`),
    ),
  }))
  .all.filter((source) => source.length <= 490);
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '_', '1', '.', ' ', '-', 'é', '😀', 'A'), maxLength: 8 });

describe('patterns', () => {
  test('match where JavaScript’s own engine matches', () => {
    fc.assert(
      fc.property(
        pattern,
        fc.array(text, { minLength: 5, maxLength: 5 }),
        fc.boolean(),
        (source, texts, ignoreCase) => {
          const ours = compilePattern(ignoreCase ? `(?i)${source}` : source);
          const theirs = new RegExp(source, ignoreCase ? 'iu' : 'u');
          for (const each of texts) expect([source, each, ours(each)]).toEqual([source, each, theirs.test(each)]);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ['a\\B', 'ab', true],
    ['a\\B', 'a b', false],
    ['\\B😀', '😀', true],
    ['^.$', '😀', true],
    ['\\Aab\\z', 'ab', true],
    ['(?i)É', 'é', true],
    ['x\\x{1F600}', 'x😀', true],
  ])('%s on %s: %s', (source, text, matches) => {
    expect(compilePattern(source)(text)).toBe(matches);
  });

  test('patterns that ruin other engines end at once', () => {
    for (const evil of ['(a*)*b', '(a|a)*b', '(a+)+$', 'a*a*a*a*a*a*b', '(.*)(.*)(.*)(.*)=', '(a?){60}a{60}']) {
      expect(compilePattern(evil)('a'.repeat(50_000) + 'c')).toBe(evil === '(a?){60}a{60}');
    }
  });

  test('a text cannot fill the memory', () => {
    const unlike = Array.from({ length: 100_000 }, (_, i) => String.fromCodePoint(0x4e00 + (i % 20_000))).join('');
    expect(compilePattern('x[^y]{20}z')(unlike)).toBe(false);
    expect(compilePattern('(a|b)*a(a|b){14}c')('ab'.repeat(20_000))).toBe(false);
  });

  test.each([
    ['(', 'a group is not closed'],
    [')', 'closes no group'],
    ['*a', 'nothing to repeat'],
    ['[a', 'a class is not closed'],
    ['(?=a)', 'lookaround'],
    ['(?<!a)b', 'lookaround'],
    ['(a)\\1', '\\1 is not known'],
    ['a{3,2}', 'more than it allows'],
    ['a{1001}', 'too often'],
    ['((a{1000}){1000})', 'repeats too much'],
    ['[[:alpha:]]', 'write them out'],
    ['[b-a]', 'backwards'],
    ['\\', 'ends too early'],
    ['a'.repeat(501), '500 characters'],
  ])('%s is refused with a reason', (source, reason) => {
    expect(() => compilePattern(source)).toThrow(Refusal);
    expect(() => compilePattern(source)).toThrow(reason);
  });
});
