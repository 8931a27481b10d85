import { setImmediate as breathe } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { init } from 'trackside';
import { Random } from '../random.ts';
import { STEPS_MAX } from './environment.ts';
import { Ppo, PPO_DEFAULTS } from './ppo.ts';

const HELP = `Learns to balance a pole on a cart, by proximal policy optimisation.

  node examples/cartpole/main.ts [--updates 200] [--lr 0.003] [--entropy 0.005] [--seed 1]

Ends with exit code 1 when the mean of the last 20 episodes is below 475 of 500 steps.
`;

const { values } = parseArgs({
  options: {
    updates: { type: 'string', default: '200' },
    lr: { type: 'string', default: String(PPO_DEFAULTS.learningRate) },
    entropy: { type: 'string', default: String(PPO_DEFAULTS.entropyWeight) },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const config = {
  ...PPO_DEFAULTS,
  learningRate: Number(values.lr),
  entropyWeight: Number(values.entropy),
  updates: Number(values.updates),
  seed: Number(values.seed),
};
const run = init({
  project: process.env['WANDB_PROJECT'] ?? 'examples',
  jobType: 'cartpole',
  tags: ['example', 'model:ppo'],
  config,
  settings: { catchSignals: true },
});

const agent = new Ppo(config, new Random(config.seed));
let reward = 0;
for (let update = 0; update < config.updates; update++) {
  const startedAt = performance.now();
  const learningRate = config.learningRate * (1 - update / config.updates);
  const told = agent.update(learningRate);
  const perSecond = (config.environments * config.horizon * 1_000) / (performance.now() - startedAt);
  reward = told.reward;
  run.log({
    'train/reward': reward,
    'train/episodes': told.episodes,
    'train/env_steps': told.steps,
    'loss/policy': told.policyLoss,
    'loss/value': told.valueLoss,
    'loss/entropy': told.entropy,
    'train/grad_norm': told.gradNorm,
    'train/lr': learningRate,
    'perf/steps_per_sec': perSecond,
  });
  if (update % 20 === 0) console.log(`update ${update}: ${reward.toFixed(0)} of ${STEPS_MAX} steps`);
  // Signals, and the request to stop that the dashboard sends, are heard between two updates.
  await breathe();
  if (run.signal.aborted) break;
}
const isBalanced = reward >= 0.95 * STEPS_MAX;
console.log(isBalanced ? 'the pole stays up' : `the pole falls after ${reward.toFixed(0)} steps`);
await run.finish(isBalanced ? 0 : 1);
process.exitCode = isBalanced ? 0 : 1;
