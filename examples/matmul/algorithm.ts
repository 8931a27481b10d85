import type { Random } from '../random.ts';
import type { Decomposition } from './decompose.ts';
import type { Size } from './tensor.ts';

/** Multiplies A (n×m) by B (m×p), row-major, with the `rank` multiplications that the decomposition found. */
export function multiply(size: Size, { rank, factors }: Decomposition, a: Float64Array, b: Float64Array): Float64Array {
  const [u, v, w] = factors;
  const result = new Float64Array(size.n * size.p);
  for (let r = 0; r < rank; r++) {
    let left = 0;
    let right = 0;
    for (let i = 0; i < a.length; i++) left += u[i * rank + r]! * a[i]!;
    for (let j = 0; j < b.length; j++) right += v[j * rank + r]! * b[j]!;
    const product = left * right;
    for (let row = 0; row < size.n; row++) {
      for (let column = 0; column < size.p; column++) {
        result[row * size.p + column]! += w[(column * size.n + row) * rank + r]! * product;
      }
    }
  }
  return result;
}

/** The largest error of the algorithm against the school method on `trials` random pairs of matrices. */
export function worstError(size: Size, found: Decomposition, random: Random, trials = 20): number {
  let worst = 0;
  for (let trial = 0; trial < trials; trial++) {
    const a = Float64Array.from({ length: size.n * size.m }, () => random.normal());
    const b = Float64Array.from({ length: size.m * size.p }, () => random.normal());
    const product = multiply(size, found, a, b);
    for (let row = 0; row < size.n; row++) {
      for (let column = 0; column < size.p; column++) {
        let exact = 0;
        for (let k = 0; k < size.m; k++) exact += a[row * size.m + k]! * b[k * size.p + column]!;
        worst = Math.max(worst, Math.abs(exact - product[row * size.p + column]!));
      }
    }
  }
  return worst;
}
