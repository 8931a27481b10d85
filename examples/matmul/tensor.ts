/** The sizes of C = A·B: A is n×m, B is m×p. */
export interface Size {
  readonly n: number;
  readonly m: number;
  readonly p: number;
}

/** Multiplications of the school method. */
export function schoolRank({ n, m, p }: Size): number {
  return n * m * p;
}

/**
 * Multiplications that a search can hope for: up to one eighth fewer than by the school method, which is 7 for 2×2×2 and
 * the least there can be for 2×2×N. None can be saved where a side is 1.
 */
export function likelyRank(size: Size): number {
  return Math.min(size.n, size.m, size.p) === 1 ? schoolRank(size) : Math.ceil((schoolRank(size) * 7) / 8);
}

/**
 * The matrix-multiplication tensor T[i, j, k] as a dense array of (n·m)·(m·p)·(p·n): 1 where entry i of A times entry j of B
 * adds to entry k of Cᵀ, else 0. An algorithm with R multiplications is a decomposition of T into R rank-one terms.
 */
export function matmulTensor({ n, m, p }: Size): Float64Array {
  const [a, b, c] = [n * m, m * p, p * n];
  const tensor = new Float64Array(a * b * c);
  for (let row = 0; row < n; row++) {
    for (let inner = 0; inner < m; inner++) {
      for (let column = 0; column < p; column++) {
        const i = row * m + inner;
        const j = inner * p + column;
        const k = column * n + row;
        tensor[(i * b + j) * c + k] = 1;
      }
    }
  }
  return tensor;
}
