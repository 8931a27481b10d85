import { expect, test } from 'vitest';
import { Random } from '../random.ts';
import { multiply, worstError } from './algorithm.ts';
import { type Episode, search } from './search.ts';
import { likelyRank } from './tensor.ts';

function run(size: { n: number; m: number; p: number }, goal: number, seed: number): Episode[] {
  const episodes: Episode[] = [];
  for (const episode of search({ size, goal, sweepsMax: 2_000, tolerance: 1e-9 }, new Random(seed))) {
    episodes.push(episode);
    if (episodes.length === 200) break;
  }
  return episodes;
}

test.each([1, 2, 3])('two-by-two matrices are multiplied with seven products, found from random start %i', (seed) => {
  const last = run({ n: 2, m: 2, p: 2 }, 7, seed).at(-1)!;
  expect(last).toMatchObject({ rank: 7, reward: 2 });
  expect(worstError({ n: 2, m: 2, p: 2 }, last.found!, new Random(seed))).toBeLessThan(1e-7);
});

test('a larger size saves multiplications too', () => {
  const size = { n: 2, m: 2, p: 3 };
  const last = run(size, 11, 1).at(-1)!;
  expect(last.rank).toBe(11);
  const product = multiply(size, last.found!, Float64Array.of(1, 2, 3, 4), Float64Array.of(1, 0, 2, 0, 1, 3));
  expect([...product].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([1, 2, 8, 3, 4, 18]);
});

test('an episode that fails is paid with its residual', () => {
  const failed = run({ n: 2, m: 2, p: 2 }, 7, 1).filter((episode) => episode.found === null);
  for (const episode of failed) expect(episode.reward).toBe(-episode.residual);
});

// The least ranks that are proved: Strassen and Winograd, Hopcroft and Kerr, and the number of outputs.
test.each([
  [2, 2, 2, 7],
  [2, 2, 3, 11],
  [2, 2, 4, 14],
  [2, 2, 5, 18],
  [1, 2, 4, 8],
  [1, 1, 1, 1],
])('the goal that nobody set for %i×%i×%i can be reached', (n, m, p, least) => {
  expect(likelyRank({ n, m, p })).toBe(least);
});
