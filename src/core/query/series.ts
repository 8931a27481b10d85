/**
 * What lies on the horizontal axis of a chart. `relative` is seconds since the run began, `wall` seconds since 1970. Where
 * a stream has no number of the key, row numbers are taken; but over a `metric` that a run did not log its series are empty,
 * since its rows would lie at values of the metric that they never had.
 */
export type AxisKind = 'step' | 'relative' | 'wall' | 'row' | 'metric';

export interface Axis {
  readonly kind: AxisKind;
  /** The key, when `kind` is `metric`; it must be a numeric key of the same stream. */
  readonly key?: string;
}

/**
 * One series as buckets, in columns of equal length `length`. A bucket is a whole node of the pyramid, so its edges are
 * exact: `min`, `max` and the counts are those of the rows it covers, bit for bit, and `mean` to 1e-12. Bucket i covers the
 * rows `row0[i] ≤ row < min(row0[i] + span, rowEnd)`; rows without the key count nowhere, and stretches of `span` rows in
 * which no row holds it are left out.
 */
export interface SeriesColumns {
  readonly length: number;
  /** Smallest and largest x of the rows covered. NaN where no row of the bucket has an x. */
  readonly xMin: Float64Array;
  readonly xMax: Float64Array;
  /** Of the finite values; NaN where there is none. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  /** Finite values, NaNs and infinities in the bucket. */
  readonly count: Float64Array;
  readonly nan: Float64Array;
  readonly inf: Float64Array;
  readonly row0: Float64Array;
  /** Rows that a bucket covers: a power of two; `row0` is a multiple of it. 1: each bucket is one row. */
  readonly span: number;
  readonly rowEnd: number;
  /** Rows in the stream that hold the key, in all, whatever the window. */
  readonly total: number;
  /** The last finite value of the whole series; null when there is none. */
  readonly last: number | null;
  /** Raised by every append, seal or rewind: equal versions have equal values. */
  readonly version: number;
}
