import fc from 'fast-check';
import { expect, test } from 'vitest';
import { strictJson } from './graphql/strict-json.ts';
import { jsonMembers, soundJson } from './json-text.ts';
import { replaceBareWords } from './outside-strings.ts';
import type { LooseJson } from '../../core/model/run.ts';

test('bare words are replaced, and nothing that lies in a string', () => {
  const piece = fc.oneof(
    fc.constantFrom('NaN', 'Infinity', '-Infinity', '12e-3', 'true'),
    fc.string({ unit: fc.constantFrom('N', 'a', 'NaN', '-Infinity', '"', '\\', '\n') }).map((s) => JSON.stringify(s)),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const expected = pieces.map((text) => (/^(NaN|-?Infinity)$/.test(text) ? `<${text}>` : text));
      expect(replaceBareWords(`[${pieces.join(',')}]`, (word) => `<${word}>`)).toBe(`[${expected.join(',')}]`);
    }),
  );
});

test('a value of many megabytes is read as any other', () => {
  const text = `{"s":${JSON.stringify('a"b\\'.repeat(4_000_000))},"n":NaN}`;
  expect(soundJson(text) === text).toBe(true);
  expect(jsonMembers(text).map(([key, json]) => [key, json.length])).toEqual([
    ['s', text.length - 14],
    ['n', 3],
  ]);
  expect(strictJson(text as LooseJson).endsWith('"n":"NaN"}')).toBe(true);
});
