import type { Random } from '../random.ts';
import { ACTIONS, CartPole, OBSERVATION_SIZE } from './environment.ts';
import { Adam, Network } from './network.ts';

export interface PpoOptions {
  readonly learningRate: number;
  /** Discount of later rewards. */
  readonly gamma: number;
  /** Trade of bias against variance in the advantages. */
  readonly lambda: number;
  readonly clip: number;
  readonly entropyWeight: number;
  readonly hidden: number;
  readonly environments: number;
  /** Steps of each environment between two updates. */
  readonly horizon: number;
  readonly epochs: number;
  readonly batch: number;
}

export const PPO_DEFAULTS: PpoOptions = {
  learningRate: 3e-3,
  gamma: 0.99,
  lambda: 0.95,
  clip: 0.2,
  entropyWeight: 0.005,
  hidden: 48,
  environments: 8,
  horizon: 64,
  epochs: 6,
  batch: 128,
};

/** What one update of the agent says of itself. */
export interface Update {
  /** Mean length of the last 20 finished episodes: the reward of each is its number of steps, 500 at most. */
  readonly reward: number;
  readonly episodes: number;
  readonly steps: number;
  readonly policyLoss: number;
  readonly valueLoss: number;
  readonly entropy: number;
  readonly gradNorm: number;
}

interface Sample {
  readonly observation: Float64Array;
  readonly action: number;
  readonly logProbability: number;
  readonly value: number;
  advantage: number;
  target: number;
}

/** Proximal policy optimisation with a clipped objective (Schulman et al., 2017). One `update()` gathers and learns. */
export class Ppo {
  readonly #options: PpoOptions;
  readonly #random: Random;
  readonly #policy: Network;
  readonly #critic: Network;
  readonly #policyAdam: Adam;
  readonly #criticAdam: Adam;
  readonly #environments: readonly CartPole[];
  readonly #lengths: number[] = [];
  #episodes = 0;
  #steps = 0;

  constructor(options: PpoOptions, random: Random) {
    this.#options = options;
    this.#random = random;
    this.#policy = new Network(OBSERVATION_SIZE, options.hidden, ACTIONS, random, 0.01);
    this.#critic = new Network(OBSERVATION_SIZE, options.hidden, 1, random, 1);
    this.#policyAdam = new Adam(this.#policy);
    this.#criticAdam = new Adam(this.#critic);
    this.#environments = Array.from({ length: options.environments }, () => new CartPole(random));
  }

  /** `learningRate` may be annealed by the caller. Blocks for some tens of milliseconds. */
  update(learningRate = this.#options.learningRate): Update {
    const samples = this.#environments.flatMap((environment) => this.#gather(environment));
    const losses = this.#learn(samples, learningRate);
    const recent = this.#lengths.slice(-20);
    const reward = recent.reduce((sum, length) => sum + length, 0) / Math.max(1, recent.length);
    return { reward, episodes: this.#episodes, steps: this.#steps, ...losses };
  }

  #gather(environment: CartPole): readonly Sample[] {
    const { horizon, gamma, lambda } = this.#options;
    const samples: Sample[] = [];
    const ends: { fell: boolean; over: boolean; next: number }[] = [];
    const logits = new Float64Array(ACTIONS);
    const value = new Float64Array(1);
    for (let t = 0; t < horizon; t++) {
      const observation = environment.state.slice();
      this.#policy.forward(observation, logits);
      this.#critic.forward(observation, value);
      const right = 1 / (1 + Math.exp(logits[0]! - logits[1]!));
      const action = this.#random.uniform() < right ? 1 : 0;
      const logProbability = Math.log(action === 1 ? right : 1 - right);
      samples.push({ observation, action, logProbability, value: value[0]!, advantage: 0, target: 0 });
      const { fell, over } = environment.step(action);
      this.#critic.forward(environment.state, value);
      ends.push({ fell, over, next: value[0]! });
      if (over) {
        this.#lengths.push(environment.steps);
        this.#episodes++;
        environment.reset();
      }
    }
    this.#steps += horizon;
    let advantage = 0;
    for (let t = horizon - 1; t >= 0; t--) {
      const { fell, over, next } = ends[t]!;
      const sample = samples[t]!;
      const delta = 1 + (fell ? 0 : gamma * next) - sample.value;
      advantage = delta + (over ? 0 : gamma * lambda * advantage);
      sample.advantage = advantage;
      sample.target = advantage + sample.value;
    }
    return samples;
  }

  #learn(samples: readonly Sample[], learningRate: number): Omit<Update, 'reward' | 'episodes' | 'steps'> {
    const mean = samples.reduce((sum, sample) => sum + sample.advantage, 0) / samples.length;
    const spread =
      Math.sqrt(samples.reduce((sum, sample) => sum + (sample.advantage - mean) ** 2, 0) / samples.length) + 1e-8;
    const order = samples.map((_sample, index) => index);
    const sums = { policyLoss: 0, valueLoss: 0, entropy: 0 };
    let gradNorm = 0;
    let batches = 0;
    for (let epoch = 0; epoch < this.#options.epochs; epoch++) {
      this.#shuffle(order);
      for (let from = 0; from < order.length; from += this.#options.batch) {
        const batch = order.slice(from, from + this.#options.batch);
        for (const index of batch) {
          const sample = samples[index]!;
          this.#accumulate(sample, (sample.advantage - mean) / spread, sums);
        }
        gradNorm += this.#policyAdam.apply(learningRate, batch.length, 0.5);
        this.#criticAdam.apply(learningRate, batch.length, 5);
        batches++;
      }
    }
    const count = samples.length * this.#options.epochs;
    return {
      policyLoss: sums.policyLoss / count,
      valueLoss: sums.valueLoss / count,
      entropy: sums.entropy / count,
      gradNorm: gradNorm / batches,
    };
  }

  #accumulate(
    sample: Sample,
    advantage: number,
    sums: { policyLoss: number; valueLoss: number; entropy: number },
  ): void {
    const { clip, entropyWeight } = this.#options;
    const logits = new Float64Array(ACTIONS);
    this.#policy.forward(sample.observation, logits);
    const right = 1 / (1 + Math.exp(logits[0]! - logits[1]!));
    const chosen = sample.action === 1 ? right : 1 - right;
    const ratio = Math.exp(Math.log(chosen) - sample.logProbability);
    const clipped = Math.min(1 + clip, Math.max(1 - clip, ratio));
    const objective = Math.min(ratio * advantage, clipped * advantage);
    const entropy = -right * Math.log(right + 1e-12) - (1 - right) * Math.log(1 - right + 1e-12);
    // d log π(action) / d logit, and no gradient where the clipped branch is the smaller one.
    const active = ratio * advantage <= clipped * advantage ? ratio * advantage : 0;
    const slope = sample.action === 1 ? 1 - right : -right;
    const entropySlope = -right * (1 - right) * Math.log((right + 1e-12) / (1 - right + 1e-12));
    const byRight = -active * slope - entropyWeight * entropySlope;
    this.#policy.backward(sample.observation, Float64Array.of(-byRight, byRight));
    const value = new Float64Array(1);
    this.#critic.forward(sample.observation, value);
    const error = value[0]! - sample.target;
    this.#critic.backward(sample.observation, Float64Array.of(error));
    sums.policyLoss -= objective;
    sums.valueLoss += 0.5 * error * error;
    sums.entropy += entropy;
  }

  #shuffle(order: number[]): void {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(this.#random.uniform() * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
  }
}
