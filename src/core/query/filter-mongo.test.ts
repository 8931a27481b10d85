import { describe, expect, test } from 'vitest';
import { Refusal } from '../model/refusal.ts';
import { matchesFilter } from './filter-match.ts';
import { parseMongoFilter } from './filter-mongo.ts';
import { exampleRun } from './run-example.ts';

const run = exampleRun({
  id: 'k3j9x2ab',
  displayName: 'heron',
  state: 'finished',
  tags: ['baseline', 'v2'],
  jobType: 'train',
  sweep: 's1',
  createdAt: Date.parse('2026-11-22T01:37:16Z'),
  heartbeatAt: Date.parse('2026-11-22T02:00:00Z'),
  config: '{"lr":{"value":0.1},"model":{"value":{"size":"xl"}},"big":{"value":9007199254740993}}',
  summary: '{"loss":0.5,"val":{"acc":0.9},"val.f1":0.7,"nan":NaN}',
});

describe('W&B’s Mongo-style filters', () => {
  test.each([
    { state: 'finished' },
    { name: 'k3j9x2ab' },
    { display_name: 'heron' },
    { displayName: { $ne: 'k3j9x2ab' } },
    { tags: 'baseline' },
    { tags: { $in: ['v2', 'v3'] } },
    { tags: { $nin: ['v3'] } },
    { tags: { $ne: 'v3' } },
    { tags: { $contains: 'v2' } },
    { display_name: { $contains: 'ero' } },
    { jobType: { $eq: 'train' } },
    { username: 'ann', sweep: 's1' },
    { 'config.lr': 0.1 },
    { 'config.lr.value': { $gt: 0.01, $lte: 0.1 } },
    { 'config.model.size': 'xl' },
    { 'config.model.value.size': { $regex: '^x' } },
    { 'config.big': { $gt: 1e15 } },
    { 'summary_metrics.loss': { $lt: 1 } },
    { 'summary_metrics.val.acc': { $gte: 0.9 } },
    { 'summary_metrics.val.f1': 0.7 },
    { 'summary_metrics.loss': { $exists: true }, 'summary_metrics.none': { $exists: false } },
    { 'summary_metrics.none': null },
    { 'summary_metrics.none': { $ne: 1 } },
    { created_at: { $gt: '2026-11-21T00:00:00Z', $lt: '2026-11-23' } },
    { heartbeat_at: { $gte: Date.parse('2026-11-22T02:00:00Z') } },
    { display_name: { $regex: 'HERON', $options: 'i' } },
    { display_name: { $not: { $regex: 'swift' } } },
    { $and: [{ state: 'finished' }, { 'config.lr': { $lt: 1 } }] },
    { $or: [{ state: 'crashed' }, { tags: 'v2' }] },
    { $nor: [{ state: 'crashed' }, { tags: 'v3' }] },
    { $not: { state: 'crashed' } },
  ])('%j', (filters) => {
    expect(matchesFilter(run, parseMongoFilter(JSON.stringify(filters)))).toBe(true);
    expect(matchesFilter(run, parseMongoFilter(JSON.stringify({ $nor: [filters] })))).toBe(false);
  });

  test('none is none', () => {
    expect(parseMongoFilter('{}')).toBeNull();
    expect(parseMongoFilter('')).toBeNull();
  });

  test.each([
    ['{"state":{"$near":1}}', 'no operator $near'],
    ['{"$where":"1"}', 'no operator $where'],
    ['{"stage":"x"}', 'no field "stage"'],
    ['{"tags":["a"]}', 'plain values'],
    ['{"state":{"a":1}}', 'plain values'],
    ['{"$and":{}}', '$and needs a list'],
    ['{"$or":[1]}', 'conditions in braces'],
    ['{"state":{"$regex":"(a"}}', 'not closed'],
    ['{"state":{"$regex":1}}', 'needs a text'],
    ['{"state":{"$in":"a"}}', 'needs a list'],
    ['[]', 'object'],
    ['{"state"', 'at character'],
    [`${'{"$not":'.repeat(60)}{"state":"x"}${'}'.repeat(60)}`, 'deep'],
    [JSON.stringify({ $or: Array.from({ length: 2_000 }, () => ({ state: 'x' })) }), '1000 conditions'],
  ])('%s is refused', (filters, reason) => {
    expect(() => parseMongoFilter(filters)).toThrow(Refusal);
    expect(() => parseMongoFilter(filters)).toThrow(reason);
  });
});
