import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FilterRefusal } from './filter-text-reader.ts';
import { parseFilter } from './filter-text.ts';
import { exampleRun } from './run-example.ts';
import { matchesFilter } from './filter-match.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');

const run = exampleRun({
  id: 'k3j9x2ab',
  displayName: 'swift-heron-12',
  state: 'running',
  tags: ['baseline', 'model:eo1'],
  group: 'seed sweep',
  user: 'ann',
  createdAt: NOW - 86_400_000,
  heartbeatAt: NOW,
  config:
    '{"lr":{"value":0.001},"opt":{"value":{"name":"adam","betas":[0.9,0.99]}},"a.b":{"value":"x"},"debug":{"value":true},"_wandb":{"value":{}}}',
  summary: '{"loss":0.05,"val/acc":0.9,"val acc":7,"grad":NaN,"_step":99,"epoch":null,"table":{"rows":3}}',
});

describe('the filter that people write', () => {
  test.each([
    'state:running',
    'state:finished,running',
    '-state:failed',
    'loss<0.1',
    'loss < 0.1 and loss >= 5e-2',
    'summary.loss=0.05',
    'val/acc>.8',
    '"val acc">=7',
    'summary."val acc"=7',
    'config.lr<=1e-3',
    'config.opt.name:adam',
    'config.opt.value.name:adam',
    'config.a.b:x',
    'config.debug:true',
    'tag:baseline',
    'tags:nothing,baseline',
    'model:eo1',
    'model:eo2,eo1',
    '-model:eo2',
    'tag~^model:',
    'name~heron-\\d+$',
    'name~"heron-(1|12)$"',
    'name!~seed',
    'heron',
    'HERON',
    'k3j9',
    '"swift-heron"',
    'group:"seed sweep"',
    'has config.lr',
    'has val/acc and not has val/loss',
    'not (state:failed or state:crashed)',
    'state:failed or loss<1 and lr:x or user:ann',
    'grad=nan',
    '!(grad>0) !(grad<=0)',
    'epoch=null',
    'missing=null',
    'missing!=3',
    'createdAt>-7d',
    'createdAt<-1h',
    'created_at>=2026-11-21',
    'duration:1d',
    'duration<=86400',
    'steps>=99',
    'table.rows=3',
    'has table',
  ])('%s', (text) => {
    const filter = parseFilter(text, NOW);
    expect(matchesFilter(run, filter)).toBe(true);
    expect(matchesFilter(run, parseFilter(`-(${text})`, NOW))).toBe(false);
  });

  test.each([
    ['state:done', 6, 'there is no state done'],
    ['loss<', 5, 'a value was expected behind loss<'],
    ['loss<0.1)', 8, 'closes nothing'],
    ['(loss<0.1', 9, 'a ) was expected'],
    ['name~"(a"', 5, 'a group is not closed'],
    ['name:"abc', 5, 'this quote is not closed'],
    ['a or', 4, 'it ends too early'],
    ['<3', 0, 'a field or a text was expected'],
    ['createdAt>yesterday', 10, 'is no time'],
    ['duration>soon', 9, 'is no duration'],
    ['loss<1,2', 5, 'only one value can be compared by size'],
    ['a :b', 2, 'a name was expected'],
    ['('.repeat(100), 51, 'deep'],
  ])('%s is refused at character %i', (text, at, reason) => {
    const refusal = refusalOf(text);
    expect(refusal?.message).toContain(reason);
    expect(refusal?.at).toBe(at);
  });

  test('every example of the documentation is read', () => {
    const page = readFileSync(new URL('../../../docs/filter.md', import.meta.url), 'utf8');
    const blocks = [...page.matchAll(/```filter\n(.*?)```/gs)].flatMap(([, lines]) =>
      (lines as string).trim().split('\n'),
    );
    const table = page.slice(page.indexOf('## Terms'), page.indexOf('`and` may'));
    const cells = [...table.matchAll(/^\| (`.*?`)\s+\|/gm)].flatMap(([, cell]) =>
      (cell as string).slice(1, -1).split('` `'),
    );
    const examples = [...blocks, ...cells];
    expect(examples.length).toBeGreaterThan(20);
    for (const example of examples) expect(parseFilter(example, NOW)).not.toBeNull();
  });

  test('a blank filter is none', () => {
    expect(parseFilter('')).toBeNull();
    expect(parseFilter('  \n')).toBeNull();
  });

  test('a quoted number is a text, a bare one is not', () => {
    const field = { of: 'config', path: 'v' };
    expect(parseFilter('config.v:"1"')).toEqual({ op: 'eq', field, value: '1' });
    expect(parseFilter('config.v:1')).toEqual({ op: 'eq', field, value: 1 });
    expect(parseFilter('config.v:"a \\"b\\" \\\\ \\n"')).toEqual({ op: 'eq', field, value: 'a "b" \\ \\n' });
  });

  test('any text is read or refused with a place inside it, soon', () => {
    const piece = fc.constantFrom(
      'state',
      ':',
      '<',
      '"',
      '(',
      ')',
      ' ',
      'or',
      'and',
      'not',
      'has',
      '-',
      '!',
      '~',
      ',',
      'a',
      '1',
      '\\',
      '=',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          const at = refusalOf(text)?.at ?? 0;
          expect(at).toBeGreaterThanOrEqual(0);
          expect(at).toBeLessThanOrEqual(text.length);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

/** Null when the text is read; any other error is a bug and thrown. */
function refusalOf(text: string): FilterRefusal | null {
  try {
    matchesFilter(run, parseFilter(text, NOW));
    return null;
  } catch (error) {
    if (error instanceof FilterRefusal) return error;
    throw error;
  }
}
