/** As if a curve had this many evenly spread values, however many it has: smoothing then looks the same at every zoom. */
const EVEN_VALUES = 300;

/**
 * Exponential moving average of `y` over `x`, free of the start's bias. The older a value, measured along x as a part of
 * the whole width, the less it weighs: `weight` (0 to below 1) is what remains of it after 1/300 of the width. Values that
 * are not finite are passed over and give NaN there. Where x stands still or goes back, a value counts as one such step.
 */
export function smoothed(x: Float64Array, y: Float64Array, weight: number): Float64Array {
  const out = new Float64Array(y.length);
  let low = Infinity;
  let high = -Infinity;
  for (const value of x) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const unit = (high - low) / EVEN_VALUES;
  let sum = 0;
  let weights = 0;
  let before = NaN;
  for (let at = 0; at < y.length; at++) {
    const value = y[at] as number;
    if (!Number.isFinite(value)) {
      out[at] = NaN;
      continue;
    }
    const step = ((x[at] as number) - before) / unit;
    const kept = weight ** (step > 0 && Number.isFinite(step) ? step : 1);
    sum = sum * kept + value * (1 - kept);
    weights = weights * kept + (1 - kept);
    before = x[at] as number;
    out[at] = weights > 0 ? sum / weights : value;
  }
  return out;
}
