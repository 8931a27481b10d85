import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { init } from 'trackside';
import { Random } from '../random.ts';
import { worstError } from './algorithm.ts';
import { search } from './search.ts';
import { likelyRank, schoolRank, type Size } from './tensor.ts';

const HELP = `Finds algorithms that multiply matrices with fewer multiplications than the school method.

  node examples/matmul/main.ts [--size 2x2x2] [--goal 7] [--episodes 200] [--seed 1]

  --size NxMxP   A is N×M, B is M×P
  --goal R       stop at R multiplications (default: 7 for 2x2x2, else up to one eighth below the school method)
  --episodes N   random starts at most; without a goal reached the program ends with exit code 1
  --sweeps N     sweeps of least squares per start
  --seed N       the same seed gives the same run
`;

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '2x2x2' },
    goal: { type: 'string' },
    episodes: { type: 'string', default: '200' },
    sweeps: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const size = parseSize(values.size);
const config = {
  size: values.size,
  goal: values.goal === undefined ? likelyRank(size) : wholeNumber('goal', values.goal),
  episodes: wholeNumber('episodes', values.episodes),
  sweeps: wholeNumber('sweeps', values.sweeps),
  tolerance: 1e-9,
  seed: wholeNumber('seed', values.seed),
};
const random = new Random(config.seed);
const run = init({
  project: process.env['WANDB_PROJECT'] ?? 'examples',
  jobType: 'matmul',
  tags: ['example', `size:${values.size}`],
  config,
  settings: { catchSignals: true },
});

let best = schoolRank(size);
let found = 0;
const startedAt = performance.now();
const options = { size, goal: config.goal, sweepsMax: config.sweeps, tolerance: config.tolerance };
for (const episode of search(options, random, (sweep) =>
  run.log({ 'descent/residual': sweep.residual, 'descent/sweep': sweep.count }),
)) {
  if (episode.found !== null) {
    found++;
    best = episode.rank;
    console.log(`episode ${episode.episode}: ${best} multiplications instead of ${schoolRank(size)}`);
  }
  run.log({
    'episode/reward': episode.reward,
    'episode/residual': episode.residual,
    'episode/rank': episode.rank,
    'episode/best_rank': best,
    'episode/sweeps': episode.sweeps,
    'episode/success_rate': found / (episode.episode + 1),
    'perf/episodes_per_sec': ((episode.episode + 1) * 1_000) / (performance.now() - startedAt),
  });
  if (episode.found !== null && best <= config.goal) {
    const error = worstError(size, episode.found, random);
    run.summary.set('worst_error', error);
    const path = join(run.folder ?? '.', `algorithm-${values.size}-${best}.json`);
    writeFileSync(
      path,
      JSON.stringify({ size, ...episode.found, factors: episode.found.factors.map((factor) => [...factor]) }),
    );
    run.save(path);
    console.log(`verified on random matrices: largest error ${error.toExponential(1)}`);
  }
  if (episode.episode + 1 >= config.episodes) break;
  // Signals, and the request to stop that the dashboard sends, are heard between two episodes.
  await breathe();
  if (run.signal.aborted) break;
}
run.summary.set('best_rank', best);
const isReached = best <= config.goal;
if (!isReached) console.error(`no algorithm with ${config.goal} multiplications in ${config.episodes} random starts`);
await run.finish(isReached ? 0 : 1);
process.exitCode = isReached ? 0 : 1;

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text) && (option === 'seed' || Number(text) > 0)) return Number(text);
  console.error(`--${option} ${text}: give a whole number${option === 'seed' ? '' : ' above 0'}`);
  process.exit(2);
}

function parseSize(text: string): Size {
  const [, n, m, p] = /^([1-9])x([1-9])x([1-9])$/.exec(text) ?? [];
  if (p !== undefined) return { n: Number(n), m: Number(m), p: Number(p) };
  console.error(`--size ${text}: give three sizes from 1 to 9, such as 2x2x2`);
  process.exit(2);
}
