import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Refusal } from '../../core/model/refusal.ts';
import { FileStreamScanner } from './file-stream.ts';
import { KEY_BYTES_MAX } from './key-table.ts';
import type { ScannedRows } from './scanned-rows.ts';

const RECORDINGS = new URL('../../../interop/recordings/', import.meta.url);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

function body(content: readonly string[], offset = 0): Uint8Array {
  return encoder.encode(JSON.stringify({ files: { 'wandb-history.jsonl': { offset, content } } }));
}

function history(bytes: Uint8Array, scanner = new FileStreamScanner()): ScannedRows {
  return scanner.scan(bytes).history?.lines ?? { rows: 0, numbers: [], rest: [] };
}

/** The rows again, path by path: numbers as they are, the rest as its text. */
function unfold(rows: ScannedRows): Record<string, number | string>[] {
  const unfolded = Array.from({ length: rows.rows }, (): Record<string, number | string> => ({}));
  for (const { path, rows: held, values } of rows.numbers) {
    values.forEach((value, i) => ((unfolded[held?.[i] ?? i] as Record<string, unknown>)[path] = value));
  }
  for (const { path, rows: held, texts, ends } of rows.rest) {
    held.forEach((row, i) => {
      const text = decoder.decode(texts.subarray(i === 0 ? 0 : ends[i - 1], ends[i]));
      (unfolded[row] as Record<string, unknown>)[path] = text;
    });
  }
  return unfolded;
}

const leaf = fc.oneof(
  { weight: 4, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  fc.integer(),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.oneof(fc.integer(), fc.string({ maxLength: 3 })), { maxLength: 3 }),
);
const name = fc.string({ unit: 'binary', maxLength: 8 }).filter((key) => key.isWellFormed() && key !== '__proto__');
const object = fc.dictionary(name, fc.oneof({ weight: 4, arbitrary: leaf }, fc.dictionary(name, leaf, { minKeys: 1 })));

function expected(row: object, path: readonly string[] = []): Record<string, number | string> {
  const found: Record<string, number | string> = {};
  for (const [key, value] of Object.entries(row) as [string, unknown][]) {
    const here = [...path, key];
    const nested = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (nested && !('_type' in value)) Object.assign(found, expected(value, here));
    else found[JSON.stringify(here)] = typeof value === 'number' && !isDigits(value) ? value : JSON.stringify(value);
  }
  return found;
}

function mapValues<T>(row: Record<string, T>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, change(value)]));
}

/** Printed as an integer that a double does not hold for sure. */
function isDigits(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value) && !String(value).includes('e');
}

test('what JSON.stringify wrote is scanned into the same leaves, bit for bit', () => {
  const scanner = new FileStreamScanner();
  fc.assert(
    fc.property(fc.array(object, { maxLength: 5 }), fc.boolean(), (rows, spaced) => {
      const lines = rows.map((row) => JSON.stringify(row, null, spaced ? 1 : 0));
      // JSON.stringify writes -0 as 0.
      const wanted = rows.map((row) => expected(JSON.parse(JSON.stringify(row)) as object));
      const found = unfold(history(body(lines), scanner));
      // Lists keep the spaces that they came with.
      const unspaced = (value: number | string) => (typeof value === 'string' ? value.replace(/\n */g, '') : value);
      expect(spaced ? found.map((row) => mapValues(row, unspaced)) : found).toEqual(wanted);
    }),
    { numRuns: 500 },
  );
});

test('bodies of the official clients are scanned into what JSON.parse reads', () => {
  const scanner = new FileStreamScanner();
  let lines = 0;
  for (const version of readdirSync(RECORDINGS).filter((entry) => entry.startsWith('wandb-'))) {
    for (const file of readdirSync(new URL(`${version}/file-stream/`, RECORDINGS))) {
      const bytes = readFileSync(new URL(`${version}/file-stream/${file}`, RECORDINGS));
      const before = Uint8Array.from(bytes);
      const { files = {} } = JSON.parse(bytes.toString()) as { files?: Record<string, { content: string[] }> };
      const scanned = scanner.scan(bytes);
      expect(Uint8Array.from(bytes)).toEqual(before); // Scanning reads in place and must not write there.
      for (const [name, rows] of [
        ['wandb-history.jsonl', scanned.history],
        ['wandb-events.jsonl', scanned.system],
      ] as const) {
        const content = files[name]?.content ?? [];
        lines += content.length;
        const plain = content.filter((line) => !/NaN|Infinity|\d{16,}[,}]/.test(line.replace(/\.\d+/g, '')));
        const wanted = plain.map((line) => expected(JSON.parse(line) as object));
        const found = rows === null ? [] : unfold(rows.lines).filter((_, i) => plain.includes(content[i] as string));
        expect(found).toEqual(wanted);
      }
      expect(scanned.console?.lines.length ?? 0).toBe(files['output.log']?.content.length ?? 0);
    }
  }
  expect(lines).toBeGreaterThan(5_000);
});

test('numbers of every form', () => {
  const forms = [
    '0',
    '-0',
    '1.5',
    '-1.795310810748477e+09',
    '1E5',
    '1e-400',
    '1e400',
    '5e-324',
    '0.1',
    '123456789.123456789',
  ];
  const line = `{${forms.map((form, i) => `"k${i}":${form}`).join(',')},"n":NaN,"p":Infinity,"m":-Infinity}`;
  const [row] = unfold(history(body([line])));
  const wanted = Object.fromEntries(forms.map((form, i) => [`["k${i}"]`, Number(form)]));
  expect(row).toEqual({ ...wanted, '["n"]': NaN, '["p"]': Infinity, '["m"]': -Infinity });
  expect(Object.is(row?.['["k1"]'], -0)).toBe(true);
});

test('integers beyond 2^53 keep their digits beside the nearest double', () => {
  const { numbers, rest } = history(body(['{"a":9007199254740993,"b":9007199254740991,"c":9007199254740993.0}']));
  expect(numbers.map(({ values }) => values[0])).toEqual([9007199254740992, 9007199254740991, 9007199254740992]);
  expect(rest.map(({ path, texts }) => [path, decoder.decode(texts)])).toEqual([['["a"]', '9007199254740993']]);
});

test('white space of every kind between all tokens', () => {
  const spaced = [
    '{',
    '"a"',
    ':',
    '1',
    ',',
    '"b"',
    ':',
    '[',
    '1',
    ',',
    '"x"',
    ']',
    ',',
    '"c"',
    ':',
    '{',
    '"d"',
    ':',
    '-2.5',
    '}',
    '}',
  ];
  for (const space of [' ', '\n', '\t', '\r\n']) {
    expect(unfold(history(body([`${space}${spaced.join(space)}${space}`])))).toMatchObject([
      { '["a"]': 1, '["c","d"]': -2.5 },
    ]);
  }
});

test('of equal keys the last counts, however they are written and nested', () => {
  const lines = [
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":"x"}',
    '{"a":{"x":1},"a":{"y":2}}',
    '{"a":{"x":1,"x":{"z":3}},"b":1}',
  ];
  expect(unfold(history(body(lines)))).toEqual([
    { '["a"]': 2 },
    { '["a"]': '"x"' },
    { '["a","y"]': 2 },
    { '["a","x","z"]': 3, '["b"]': 1 },
  ]);
});

function refusalOf(act: () => unknown): unknown {
  try {
    act();
    return null;
  } catch (error) {
    return error;
  }
}

test('any damage is refused or read, never a crash; and the scanner works on', () => {
  const scanner = new FileStreamScanner();
  const good = body(['{"loss":0.12345678901234567,"sub":{"x":[1,"a"]},"s":"\\n"}', '{"_step":1}'], 3);
  const wanted = unfold(history(good, scanner));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), (flips) => {
      const bytes = Uint8Array.from(good);
      for (const [at, byte] of flips) bytes[at] = byte;
      expect(refusalOf(() => scanner.scan(bytes))).toBeOneOf([null, expect.any(Refusal)]);
      expect(unfold(history(good, scanner))).toEqual(wanted);
    }),
    { numRuns: 3_000 },
  );
  for (let end = 0; end < good.length; end++) expect(() => scanner.scan(good.subarray(0, end))).toThrow(Refusal);
});

test('bounds: keys that are too long or too many, lists that are too deep', () => {
  const scanner = new FileStreamScanner();
  expect(() => scanner.scan(body([`{"${'k'.repeat(KEY_BYTES_MAX + 1)}":1}`]))).toThrow(/longer than/);
  const many = Array.from({ length: 200_001 }, (_, i) => `"${i}":1`).join(',');
  expect(() => scanner.scan(body([`{${many}}`]))).toThrow(/different keys/);
  expect(() => scanner.scan(body([`{"a":${'['.repeat(1_025)}${']'.repeat(1_025)}}`]))).toThrow(/nested deeper/);
  expect(unfold(history(body(['{"a":1}']), scanner))).toEqual([{ '["a"]': 1 }]);
});

test('members around the lines: values and not their presence, unknown ones passed over, any order', () => {
  const text = `{ "new": {"deep":[1,{"a":null}]}, "complete": false, "exitcode": null, "preempting": true,
    "uploaded": ["a\\"b.png"], "dropped": 0, "files": {"other.txt": {"offset": 0, "content": ["x"]},
    "wandb-history.jsonl": {"content": ["{}"], "offset": 12}, "wandb-summary.json": {"content": ["{}", "{\\"a\\":NaN}"]}}}`;
  const scanned = new FileStreamScanner().scan(encoder.encode(text));
  expect(scanned).toMatchObject({
    complete: false,
    exitCode: null,
    preempting: true,
    uploaded: ['a"b.png'],
    summary: '{"a":NaN}',
    history: { line0: 12, lines: { rows: 1 } },
  });
});
