import type { Random } from '../random.ts';
import { type Decomposition, randomStart, residual, sweep } from './decompose.ts';
import { matmulTensor, schoolRank, type Size } from './tensor.ts';

export interface Episode {
  readonly episode: number;
  /** Multiplications that this episode tried to make do with. */
  readonly rank: number;
  readonly residual: number;
  /** Multiplications saved against the school method when the decomposition is exact, else minus the residual. */
  readonly reward: number;
  readonly sweeps: number;
  /** The exact decomposition, when this episode found one. */
  readonly found: Decomposition | null;
}

/** How a descent stands, told every tenth sweep. */
export interface Sweep {
  readonly count: number;
  readonly residual: number;
}

export interface SearchOptions {
  readonly size: Size;
  /** Stops when an algorithm with this many multiplications is found. */
  readonly goal: number;
  readonly sweepsMax: number;
  /** Below this the decomposition counts as exact. */
  readonly tolerance: number;
}

/**
 * Looks for algorithms with fewer and fewer multiplications. Each episode is one random start; after a success the next
 * episode tries one multiplication less. Ends when the goal is reached; the caller bounds the number of episodes.
 */
export function* search(
  options: SearchOptions,
  random: Random,
  onSweep: (sweep: Sweep) => void = () => undefined,
): Generator<Episode> {
  const { size, goal, tolerance } = options;
  const tensor = matmulTensor(size);
  const dims = [size.n * size.m, size.m * size.p, size.p * size.n] as const;
  let rank = schoolRank(size);
  for (let episode = 0; ; episode++) {
    const decomposition = randomStart(dims, rank, random);
    const { distance, sweeps } = descend(tensor, decomposition, options, onSweep);
    const exact = distance < tolerance;
    yield {
      episode,
      rank,
      residual: distance,
      reward: exact ? schoolRank(size) - rank + 1 : -distance,
      sweeps,
      found: exact ? decomposition : null,
    };
    if (exact && rank <= goal) return;
    if (exact) rank--;
  }
}

/** Sweeps with a pull that follows the residual, until the tensor is met, or the descent has stalled. */
function descend(
  tensor: Float64Array,
  decomposition: Decomposition,
  { sweepsMax, tolerance }: SearchOptions,
  onSweep: (sweep: Sweep) => void,
): { distance: number; sweeps: number } {
  let distance = residual(tensor, decomposition);
  let before = Infinity;
  for (let count = 1; count <= sweepsMax; count++) {
    sweep(tensor, decomposition, Math.min(0.1, distance * distance * 0.02));
    if (count % 10 !== 0) continue;
    distance = residual(tensor, decomposition);
    onSweep({ count, residual: distance });
    if (distance < tolerance) return { distance, sweeps: count };
    if (count % 200 === 0) {
      if (distance > before * 0.98) return { distance, sweeps: count };
      before = distance;
    }
  }
  return { distance, sweeps: sweepsMax };
}
