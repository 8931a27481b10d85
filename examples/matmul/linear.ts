/**
 * Solves G·X = B in place for a symmetric positive definite G (r×r, row-major) and B with `columns` columns (r×columns):
 * B becomes X. G is overwritten by its Cholesky factor. Returns false when G is not positive definite.
 */
export function solveSpd(g: Float64Array, b: Float64Array, r: number, columns: number): boolean {
  for (let j = 0; j < r; j++) {
    let diagonal = g[j * r + j]!;
    for (let k = 0; k < j; k++) diagonal -= g[j * r + k]! ** 2;
    if (!(diagonal > 0)) return false;
    const root = Math.sqrt(diagonal);
    g[j * r + j] = root;
    for (let i = j + 1; i < r; i++) {
      let sum = g[i * r + j]!;
      for (let k = 0; k < j; k++) sum -= g[i * r + k]! * g[j * r + k]!;
      g[i * r + j] = sum / root;
    }
  }
  for (let column = 0; column < columns; column++) {
    for (let i = 0; i < r; i++) {
      let sum = b[i * columns + column]!;
      for (let k = 0; k < i; k++) sum -= g[i * r + k]! * b[k * columns + column]!;
      b[i * columns + column] = sum / g[i * r + i]!;
    }
    for (let i = r - 1; i >= 0; i--) {
      let sum = b[i * columns + column]!;
      for (let k = i + 1; k < r; k++) sum -= g[k * r + i]! * b[k * columns + column]!;
      b[i * columns + column] = sum / g[i * r + i]!;
    }
  }
  return true;
}
