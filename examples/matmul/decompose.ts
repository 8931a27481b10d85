import type { Random } from '../random.ts';
import { solveSpd } from './linear.ts';

/** Three factor matrices, row-major, one column per multiplication: U (a×rank), V (b×rank), W (c×rank). */
export interface Decomposition {
  readonly dims: readonly [number, number, number];
  readonly rank: number;
  readonly factors: readonly [Float64Array, Float64Array, Float64Array];
}

export function randomStart(dims: Decomposition['dims'], rank: number, random: Random): Decomposition {
  const factor = (rows: number) => Float64Array.from({ length: rows * rank }, () => random.normal() * 0.7);
  return { dims, rank, factors: [factor(dims[0]), factor(dims[1]), factor(dims[2])] };
}

/** Euclidean distance between the tensor and what the factors multiply out to. */
export function residual(tensor: Float64Array, { dims, rank, factors }: Decomposition): number {
  const [u, v, w] = factors;
  let sum = 0;
  for (let i = 0; i < dims[0]; i++) {
    for (let j = 0; j < dims[1]; j++) {
      for (let k = 0; k < dims[2]; k++) {
        let term = tensor[(i * dims[1] + j) * dims[2] + k]!;
        for (let r = 0; r < rank; r++) term -= u[i * rank + r]! * v[j * rank + r]! * w[k * rank + r]!;
        sum += term * term;
      }
    }
  }
  return Math.sqrt(sum);
}

/**
 * One sweep of alternating least squares: each factor in turn becomes the minimiser of the squared residual plus
 * `pull`·‖factor − former‖². The pull keeps steps finite where the problem is ill-conditioned; near a solution it may go
 * to zero. (Smirnov, "The bilinear complexity and practical algorithms for matrix multiplication", 2013.)
 */
export function sweep(tensor: Float64Array, decomposition: Decomposition, pull: number): void {
  for (let mode = 0; mode < 3; mode++) improveFactor(tensor, decomposition, mode, pull);
}

function improveFactor(tensor: Float64Array, { dims, rank, factors }: Decomposition, mode: number, pull: number): void {
  const [one, two] = [(mode + 1) % 3, (mode + 2) % 3] as const;
  const target = factors[mode]!;
  const [f, g] = [factors[one]!, factors[two]!];
  const rows = dims[mode]!;
  const gram = new Float64Array(rank * rank);
  for (let r = 0; r < rank; r++) {
    for (let s = 0; s < rank; s++) {
      let ff = 0;
      let gg = 0;
      for (let i = 0; i < dims[one]!; i++) ff += f[i * rank + r]! * f[i * rank + s]!;
      for (let i = 0; i < dims[two]!; i++) gg += g[i * rank + r]! * g[i * rank + s]!;
      gram[r * rank + s] = ff * gg + (r === s ? pull : 0);
    }
  }
  const strides = [dims[1] * dims[2], dims[2], 1];
  const right = new Float64Array(rank * rows);
  for (let x = 0; x < rows; x++) {
    for (let i = 0; i < dims[one]!; i++) {
      for (let j = 0; j < dims[two]!; j++) {
        const value = tensor[x * strides[mode]! + i * strides[one]! + j * strides[two]!]!;
        if (value === 0) continue;
        for (let r = 0; r < rank; r++) right[r * rows + x]! += value * f[i * rank + r]! * g[j * rank + r]!;
      }
    }
    for (let r = 0; r < rank; r++) right[r * rows + x]! += pull * target[x * rank + r]!;
  }
  if (!solveSpd(gram, right, rank, rows)) return;
  for (let x = 0; x < rows; x++) for (let r = 0; r < rank; r++) target[x * rank + r] = right[r * rows + x]!;
}
