import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../serve/server/package-root.ts';

/** A training program of the demo. `shows` are the summary keys that tell how it is doing, with their words. */
export interface DemoProgram {
  readonly name: string;
  readonly example: 'matmul' | 'cartpole';
  readonly args: readonly string[];
  readonly shows: readonly (readonly [key: string, word: string])[];
}

const BALANCE = [
  ['train/reward', 'reward'],
  ['loss/entropy', 'entropy'],
  ['perf/steps_per_sec', 'steps/s'],
] as const;

/** Three programs that take about half a minute side by side on two cores. */
export const DEMO_PROGRAMS: readonly DemoProgram[] = [
  {
    name: 'matmul-2x2x4',
    example: 'matmul',
    args: ['--size', '2x2x4', '--goal', '14', '--episodes', '400', '--seed', '1'],
    shows: [
      ['episode/best_rank', 'multiplications'],
      ['descent/residual', 'residual'],
      ['episode/reward', 'reward'],
    ],
  },
  { name: 'cartpole-fast', example: 'cartpole', args: ['--updates', '400', '--lr', '0.003'], shows: BALANCE },
  {
    name: 'cartpole-slow',
    example: 'cartpole',
    args: ['--updates', '400', '--lr', '0.001', '--seed', '2'],
    shows: BALANCE,
  },
];

/** Starts one of them; its own output goes to the run's log only. The run's folder lies below `folder`. */
export function startProgram(
  program: DemoProgram,
  runId: string,
  env: NodeJS.ProcessEnv,
  folder: string,
): ChildProcess {
  const built = join(packageRoot(), 'dist', `demo-${program.example}.js`);
  const entry = existsSync(built) ? built : join(packageRoot(), 'examples', program.example, 'main.ts');
  return spawn(process.execPath, [entry, ...program.args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...withoutTracking(process.env),
      ...env,
      WANDB_MODE: 'online',
      WANDB_RUN_ID: runId,
      WANDB_NAME: program.name,
      WANDB_DIR: folder,
      WANDB_SILENT: 'true',
    },
  });
}

/** What the user's own runs are to be (offline, resumed, of another entity) is not meant for the demo's. */
function withoutTracking(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('WANDB_')));
}
