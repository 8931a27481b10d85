import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LooseJson } from '../../../core/model/run.ts';
import { alertBody } from './alert.ts';
import { historyKeys, systemMetrics } from './history-keys.ts';
import { parseSampleSpec } from './sample-spec.ts';
import { fileStorageId, parseFileStorageId, parseRunStorageId, projectStorageId, runStorageId } from './storage-id.ts';
import { strictJson } from './strict-json.ts';

const name = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }).filter((text) => !text.includes(':'));
const path = fc.record({ entity: name, project: name, id: name });

describe('storage ids', () => {
  test('name the run they were made of, in standard base64', () => {
    fc.assert(
      fc.property(path, (run) => {
        const id = runStorageId(run);
        expect(id).toMatch(/^[A-Za-z0-9+/]+=*$/);
        expect(parseRunStorageId(id)).toEqual(run);
      }),
    );
  });

  test('of files keep names with colons and slashes', () => {
    fc.assert(
      fc.property(path, fc.string({ minLength: 1 }), (run, file) => {
        fc.pre(file.isWellFormed());
        expect(parseFileStorageId(fileStorageId(run, file))).toEqual({ path: run, name: file });
      }),
    );
  });

  test('of another kind, and any other text, name no run', () => {
    expect(parseRunStorageId(projectStorageId('ann', 'cartpole'))).toBeNull();
    expect(parseRunStorageId(fileStorageId({ entity: 'a', project: 'b', id: 'c' }, 'd'))).toBeNull();
    fc.assert(fc.property(fc.string(), (text) => void expect(parseRunStorageId(text)).toBeNull()));
  });
});

describe('strict JSON', () => {
  test('turns bare words into strings, and only outside of strings', () => {
    const loose =
      '{"NaN":NaN,"a":[Infinity,-Infinity,-1],"s":"x NaN \\" Infinity","n":12345678901234567890}' as LooseJson;
    expect(strictJson(loose)).toBe(
      '{"NaN":"NaN","a":["Infinity","-Infinity",-1],"s":"x NaN \\" Infinity","n":12345678901234567890}',
    );
  });

  test('leaves strict JSON as it is', () => {
    fc.assert(fc.property(fc.json(), (json) => void expect(strictJson(json as LooseJson)).toBe(json)));
  });
});

describe('history keys', () => {
  const step = { key: '_step', counts: { number: 3 }, last: 30, min: 10, max: 30 };
  const word = { key: 'word', counts: { string: 2, null: 1 }, last: null, min: null, max: null };

  test('tell the last step and the types of every key', () => {
    expect(historyKeys([step, word])).toEqual({
      lastStep: 30,
      sets: [],
      keys: {
        _step: { typeCounts: [{ type: 'number', count: 3 }], previousValue: 30 },
        word: {
          typeCounts: [
            { type: 'string', count: 2 },
            { type: 'null', count: 1 },
          ],
        },
      },
    });
    expect(historyKeys([]).lastStep).toBe(-1);
  });

  test('system metrics are the last readings', () => {
    expect(JSON.parse(systemMetrics([step, word]))).toEqual({ _step: 30 });
  });
});

describe('a spec of sampledHistory', () => {
  test('has defaults for what it does not say', () => {
    expect(parseSampleSpec('{}')).toEqual({
      ok: true,
      value: { keys: null, samples: 500, minStep: null, maxStep: null },
    });
    expect(parseSampleSpec('{"keys":["a"],"samples":7,"minStep":0,"maxStep":99}')).toEqual({
      ok: true,
      value: { keys: ['a'], samples: 7, minStep: 0, maxStep: 99 },
    });
  });

  test.each(['', '[]', 'null', '{"keys":"a"}', '{"keys":[1]}'])('refuses %s', (text) => {
    expect(parseSampleSpec(text).ok).toBe(false);
  });
});

test('an alert is one console line, whatever its text holds', () => {
  const body = alertBody({ title: 'Loss', text: 'went\nup', severity: 'ERROR' }, new Date(0));
  const { files } = JSON.parse(new TextDecoder().decode(body)) as {
    files: Record<string, { offset: number; content: string[] }>;
  };
  expect(files['output.log']?.offset).toBe(0);
  expect(files['output.log']?.content.map((line) => JSON.parse(line) as unknown)).toEqual([
    { level: 'error', ts: '1970-01-01T00:00:00.000', label: 'alert', content: 'ERROR: Loss – went up' },
  ]);
});
