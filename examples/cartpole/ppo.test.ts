import { expect, test } from 'vitest';
import { Random } from '../random.ts';
import { CartPole, STEPS_MAX } from './environment.ts';
import { Ppo, PPO_DEFAULTS } from './ppo.ts';

test('a cart that is always pushed to one side drops its pole', () => {
  const cart = new CartPole(new Random(1));
  let end = cart.step(1);
  while (!end.over) end = cart.step(1);
  expect(end.fell).toBe(true);
  expect(cart.steps).toBeLessThan(15);
});

test.each([1, 2])('the agent learns to balance (seed %i)', (seed) => {
  const agent = new Ppo(PPO_DEFAULTS, new Random(seed));
  const updates = 120;
  const rewards = Array.from(
    { length: updates },
    (_, i) => agent.update(PPO_DEFAULTS.learningRate * (1 - i / updates)).reward,
  );
  expect(rewards[0]).toBeLessThan(60);
  expect(rewards.at(-1)).toBeGreaterThan(0.95 * STEPS_MAX);
});

test('the same seed gives the same run', () => {
  const [a, b] = [1, 1].map((seed) => new Ppo(PPO_DEFAULTS, new Random(seed)));
  expect(a!.update()).toEqual(b!.update());
});
