/**
 * What is known of stretches of values: least, greatest and mean of the finite ones (NaN where there is none), and how many
 * are finite, NaN and infinite. Columns of equal length, one element a stretch.
 */
export interface Nodes {
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  readonly count: Float64Array;
  readonly nan: Float64Array;
  readonly inf: Float64Array;
}

export const NODE_COLUMNS = ['min', 'max', 'mean', 'count', 'nan', 'inf'] as const;

/** Room for nodes, each of which is to be set before it is read. */
export function unsetNodes(length: number): Nodes {
  return {
    min: new Float64Array(length),
    max: new Float64Array(length),
    mean: new Float64Array(length),
    count: new Float64Array(length),
    nan: new Float64Array(length),
    inf: new Float64Array(length),
  };
}

/** Nodes that hold no value. */
export function emptyNodes(length: number): Nodes {
  const nodes = unsetNodes(length);
  nodes.min.fill(Number.NaN);
  nodes.max.fill(Number.NaN);
  nodes.mean.fill(Number.NaN);
  return nodes;
}

/** Values in the stretch, finite or not. */
export function valuesIn(nodes: Nodes, at: number): number {
  return (nodes.count[at] as number) + (nodes.nan[at] as number) + (nodes.inf[at] as number);
}

/** Sets node `at` to the values from `from` up to `to`. Of 0 and -0 the first counts as the extreme. */
export function foldValues(into: Nodes, at: number, values: Float64Array, from: number, to: number): void {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let count = 0;
  let nan = 0;
  for (let i = from; i < to; i++) {
    const value = values[i] as number;
    if (value - value === 0) {
      if (value < min) min = value;
      if (value > max) max = value;
      sum += value;
      count++;
    } else if (value !== value) nan++;
  }
  into.min[at] = count === 0 ? Number.NaN : min;
  into.max[at] = count === 0 ? Number.NaN : max;
  into.mean[at] = count === 0 ? Number.NaN : Number.isFinite(sum) ? sum / count : meanOfHuge(values, from, to, count);
  into.count[at] = count;
  into.nan[at] = nan;
  into.inf[at] = to - from - count - nan;
}

/** The mean of values whose sum is beyond the largest double. */
function meanOfHuge(values: Float64Array, from: number, to: number, count: number): number {
  let mean = 0;
  for (let i = from; i < to; i++) if (Number.isFinite(values[i])) mean += (values[i] as number) / count;
  return mean;
}

/** Sets node `at` to the union of the nodes `from` up to `to` of `source`, in the order of their rows. */
export function foldNodes(into: Nodes, at: number, source: Nodes, from: number, to: number): void {
  let count = 0;
  let nan = 0;
  let inf = 0;
  for (let i = from; i < to; i++) {
    count += source.count[i] as number;
    nan += source.nan[i] as number;
    inf += source.inf[i] as number;
  }
  let min = count === 0 ? Number.NaN : Infinity;
  let max = count === 0 ? Number.NaN : -Infinity;
  let mean = count === 0 ? Number.NaN : 0;
  for (let i = from; i < to; i++) {
    const part = source.count[i] as number;
    if (part === 0) continue;
    if ((source.min[i] as number) < min) min = source.min[i] as number;
    if ((source.max[i] as number) > max) max = source.max[i] as number;
    // Weighted before it is added: a sum of large means could leave the range of doubles, the mean cannot.
    mean += (source.mean[i] as number) * (part / count);
  }
  into.min[at] = min;
  into.max[at] = max;
  into.mean[at] = mean;
  into.count[at] = count;
  into.nan[at] = nan;
  into.inf[at] = inf;
}
