import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonMembers, jsonNumber, looseJson, parseLoosely, soundJson } from './json-text.ts';

describe('looseJson', () => {
  test('any JSON value comes back the same', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 10 }), (value) => {
        expect(parseLoosely(looseJson(value) ?? '')).toEqual(value);
      }),
    );
  });

  test('what JSON lacks has a form of its own', () => {
    expect(looseJson([NaN, -Infinity, -0, 2n ** 64n])).toBe('[NaN,-Infinity,-0,18446744073709551616]');
    expect(looseJson(Float32Array.of(0.5, NaN))).toBe('[0.5,NaN]');
    expect(looseJson(new Map([['a', new Set([1])]]))).toBe('{"a":[1]}');
    expect(looseJson(new Date(0))).toBe('"1970-01-01T00:00:00.000Z"');
    expect(looseJson({ f: () => 1, u: undefined, k: 1 })).toBe('{"k":1}');
    expect(looseJson(() => 1)).toBeUndefined();
  });

  test('a value that holds itself ends', () => {
    const self: Record<string, unknown> = { a: 1 };
    self['self'] = self;
    expect(parseLoosely(looseJson(self) ?? '')).toMatchObject({ a: 1, self: { a: 1 } });
  });
});

test('soundJson lets JSON through as it is and makes anything else a string', () => {
  const sound = ['1', '-0.5e-3', 'NaN', '[NaN,-Infinity]', '{"a":"NaN"}', '"\\u2028"', '18446744073709551616'];
  for (const text of sound) expect(soundJson(text)).toBe(text);
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom('{', '1,2', "{'a':1}", '-', 'Nan', '01', '"', '')),
      (text) => {
        const result = soundJson(text);
        expect(result === text ? parseLoosely(text) !== undefined : JSON.parse(result) === text).toBe(true);
      },
    ),
  );
});

test('jsonNumber knows numbers, the bare words among them, and nothing else', () => {
  expect(['1', '-2.5e3', 'Infinity', '-Infinity'].map(jsonNumber)).toEqual([1, -2500, Infinity, -Infinity]);
  expect(jsonNumber('NaN')).toBeNaN();
  expect(['"1"', 'null', 'true', '', '-', '0x', '[1]'].map(jsonNumber)).toEqual([
    null,
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
});

test('jsonMembers takes an object apart and keeps the digits of its values', () => {
  const text = ' { "a" : 1.50 , "b":{"c":[1,{"d":2}]}, "":"x" , "big":18446744073709551616,"n":NaN,"s":"}:,\\"" } ';
  expect(jsonMembers(text)).toEqual([
    ['a', '1.50'],
    ['b', '{"c":[1,{"d":2}]}'],
    ['', '"x"'],
    ['big', '18446744073709551616'],
    ['n', 'NaN'],
    ['s', '"}:,\\""'],
  ]);
  for (const other of ['[1]', '1', '{', '{}', 'null']) expect(jsonMembers(other)).toEqual([]);
  const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
  fc.assert(
    fc.property(object, (value) => {
      const members = jsonMembers(JSON.stringify(value)).map(([key, json]) => [key, JSON.parse(json) as unknown]);
      expect(members).toEqual(Object.entries(JSON.parse(JSON.stringify(value)) as object));
    }),
  );
});
