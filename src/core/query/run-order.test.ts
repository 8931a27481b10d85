import { describe, expect, test } from 'vitest';
import { Refusal } from '../model/refusal.ts';
import { parseRunField, printRunField, RUN_ATTRIBUTES } from './run-field.ts';
import { exampleRun } from './run-example.ts';
import { compareRuns, parseRunOrder } from './run-order.ts';

describe('the order of runs', () => {
  test('terms as people and as W&B write them', () => {
    expect(parseRunOrder('-summary.loss, createdAt,+config.lr.value')).toEqual([
      { field: { of: 'summary', path: 'loss' }, descending: true },
      { field: { of: 'run', name: 'createdAt' }, descending: false },
      { field: { of: 'config', path: 'lr.value' }, descending: false },
    ]);
    expect(parseRunOrder('+created_at,-summary_metrics.val/acc,display_name,-"summary.a, b"')).toEqual([
      { field: { of: 'run', name: 'createdAt' }, descending: false },
      { field: { of: 'summary', path: 'val/acc' }, descending: true },
      { field: { of: 'run', name: 'name' }, descending: false },
      { field: { of: 'summary', path: 'a, b' }, descending: true },
    ]);
    expect(parseRunOrder('')).toEqual([]);
    expect(() => parseRunOrder('-')).toThrow(Refusal);
    expect(() => parseRunOrder('a,b,c,d,e,f,g,h,i')).toThrow('8 terms');
  });

  test('names of fields are read back as they are printed', () => {
    for (const name of [...RUN_ATTRIBUTES, 'config.a.b', 'summary.state', 'summary.loss']) {
      expect(printRunField(parseRunField(name))).toBe(name);
    }
    expect(printRunField(parseRunField('loss'))).toBe('summary.loss');
  });

  test('numbers, truth, text, then NaN, then nothing; the last two in both directions', () => {
    const values = [
      '-Infinity',
      '-1',
      '2',
      '9007199254740993',
      'Infinity',
      'false',
      'true',
      '"a"',
      '"b"',
      'NaN',
      'null',
    ];
    const runs = [
      ...values.map((x, i) => exampleRun({ id: x, createdAt: i, summary: `{"x":${x}}` })),
      exampleRun({ id: 'none', createdAt: -1 }),
    ];
    const sorted = (order: string) =>
      runs.toSorted((a, b) => compareRuns(a, b, parseRunOrder(order))).map((run) => run.id);
    expect(sorted('x')).toEqual([...values, 'none']);
    expect(sorted('-x')).toEqual([...values.slice(0, 9).toReversed(), 'NaN', 'null', 'none']);
    expect(sorted('')).toEqual([...values.toReversed(), 'none']);
  });

  test('ties are broken by the newest, then by the id', () => {
    const runs = [
      exampleRun({ id: 'b', createdAt: 1 }),
      exampleRun({ id: 'a', createdAt: 1 }),
      exampleRun({ id: 'c', createdAt: 2 }),
    ];
    expect(runs.toSorted((a, b) => compareRuns(a, b, parseRunOrder('group'))).map((run) => run.id)).toEqual([
      'c',
      'a',
      'b',
    ]);
  });
});
