const TICKS_MAX = 5;
/** Within a decade, the fewer the farther the axis reaches. */
const MANTISSAS = [[1, 2, 3, 4, 5, 6, 8], [1, 2, 5], [1, 3], [1]] as const;

/** Where a logarithmic axis from `min` to `max` (both above zero) has its at most five labels. */
export function logTicks(min: number, max: number): number[] {
  const first = Math.floor(Math.log10(min));
  const last = Math.ceil(Math.log10(max));
  for (const mantissas of MANTISSAS) {
    const ticks: number[] = [];
    for (let power = first; power <= last; power++)
      for (const mantissa of mantissas) ticks.push(Number(`${mantissa}e${power}`));
    const inside = ticks.filter((tick) => tick >= min && tick <= max);
    if (inside.length <= TICKS_MAX) return inside.length > 0 ? inside : [min, max];
  }
  const stride = Math.ceil((last - first + 1) / TICKS_MAX);
  const powers = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  return powers
    .filter((power) => power % stride === 0)
    .map((power) => Number(`1e${power}`))
    .filter((tick) => tick >= min && tick <= max);
}
