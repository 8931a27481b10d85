/** The numbers of a column are `integer / 10^scale` (decimal) or `integer / 2^scale`. */
export interface Scale {
  readonly decimal: boolean;
  readonly scale: number;
}

/** Integers of a column as residuals: differences taken `order` times. */
export interface Scaled extends Scale {
  readonly order: number;
  /** The first integer, then the first difference: what summing up again begins with. */
  readonly anchors: readonly number[];
  /** One fewer per order than there are numbers. */
  readonly residuals: Float64Array;
  readonly least: number;
  readonly most: number;
  /** Bits per number that the sample says they need. */
  readonly bits: number;
}

const EXACT = 2 ** 53;
/** Differences of differences of integers in a range this wide are still exact. */
const RANGE_OF_DIFFERENCES = 2 ** 50;
const DECIMALS_MAX = 12;
const POWERS = Array.from({ length: DECIMALS_MAX + 1 }, (_, i) => 10 ** i);

/** The fewest decimals that give every number back to the bit, or null: too many, too large, not finite, or a -0. */
export function decimalScale(values: Float64Array): Scale | null {
  let scale = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    for (;;) {
      const power = POWERS[scale] as number;
      const integer = Math.round(value * power);
      if (integer / power === value && Math.abs(integer) <= EXACT && !Object.is(integer, -0)) break;
      if (++scale > DECIMALS_MAX) return null;
    }
  }
  // A later number may need more decimals than an earlier one was tried with.
  const power = POWERS[scale] as number;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const integer = Math.round(value * power);
    if (integer / power !== value || Math.abs(integer) > EXACT) return null;
  }
  return { decimal: true, scale };
}

/** The fewest binary digits behind the point that hold every number, or null: their exponents lie too far apart. */
export function binaryScale(values: Float64Array): Scale | null {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  let lowest = 1024;
  let highest = -1075;
  for (let i = 0; i < words.length; i += 2) {
    const low = words[i] as number;
    const high = words[i + 1] as number;
    const exponent = (high >>> 20) & 0x7ff;
    if (exponent === 0x7ff) return null;
    if (exponent === 0) {
      if (low === 0 && high === 0) continue;
      return null; // A -0 or a number too small to be worth it.
    }
    const trailing = low !== 0 ? 31 - Math.clz32(low & -low) : 63 - Math.clz32((high | 0x100000) & -(high | 0x100000));
    if (exponent - 1075 + trailing < lowest) lowest = exponent - 1075 + trailing;
    if (exponent - 1022 > highest) highest = exponent - 1022;
    if (highest - lowest > 53) return null;
  }
  return lowest >= -127 && lowest <= 127 ? { decimal: false, scale: -lowest } : null;
}

/** Takes differences as often (0, 1 or 2 times) as makes the sample smallest. Null when the integers lie too far apart. */
export function residuals(values: Float64Array, scale: Scale, sample: number): Scaled | null {
  const integers = new Float64Array(values.length);
  const power = scale.decimal ? (POWERS[scale.scale] as number) : 2 ** scale.scale;
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const integer = scale.decimal ? Math.round((values[i] as number) * power) : (values[i] as number) * power;
    integers[i] = integer;
    if (integer < least) least = integer;
    if (integer > most) most = integer;
  }
  if (most - least > EXACT) return null;
  let best: Scaled = { ...scale, order: 0, anchors: [], residuals: integers, least, most, bits: 0 };
  best = { ...best, bits: bitsOf(best, sample) };
  if (most - least > RANGE_OF_DIFFERENCES) return best;
  let previous = best;
  for (let order = 1; order <= 2 && values.length > order; order++) {
    const next = differences(previous, order);
    previous = { ...next, bits: bitsOf(next, sample) };
    if (previous.bits < best.bits) best = previous;
  }
  return best;
}

function differences(of: Scaled, order: number): Scaled {
  const from = of.residuals;
  const to = new Float64Array(from.length - 1);
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < to.length; i++) {
    const difference = (from[i + 1] as number) - (from[i] as number);
    to[i] = difference;
    if (difference < least) least = difference;
    if (difference > most) most = difference;
  }
  return { ...of, order, anchors: [...of.anchors, from[0] as number], residuals: to, least, most };
}

/** Mean bits of the distance of the sample's residuals from their middle, sign included. */
function bitsOf({ residuals: numbers }: Scaled, sample: number): number {
  const from = Math.max(0, (numbers.length - sample) >> 1);
  const to = Math.min(numbers.length, from + sample);
  let middle = 0;
  for (let i = from; i < to; i++) middle += (numbers[i] as number) / (to - from);
  let bits = 0;
  for (let i = from; i < to; i++) bits += Math.log2(1 + 2 * Math.abs((numbers[i] as number) - middle));
  return to === from ? 0 : bits / (to - from);
}

/** Sums residuals up again. `planes` as in `NumberColumn`; `anchors` begins with those of `Scaled`. */
export function unscale(
  of: { anchors: readonly number[]; least: number; order: number; divisor: number; factor: number },
  planes: Uint8Array,
  width: number,
  length: number,
): Float64Array {
  const { order, least, divisor, factor } = of;
  const count = length - order;
  const values = new Float64Array(length);
  let integer = of.anchors[0] ?? 0;
  let difference = of.anchors[1] ?? 0;
  if (order > 0 && length > 0) values[0] = (integer / divisor) * factor;
  if (order > 1 && length > 1) {
    integer += difference;
    values[1] = (integer / divisor) * factor;
  }
  for (let i = 0; i < count; i++) {
    let low = 0;
    let high = 0;
    for (let plane = Math.min(width, 4) - 1; plane >= 0; plane--)
      low = (low << 8) | (planes[plane * count + i] as number);
    for (let plane = width - 1; plane >= 4; plane--) high = (high << 8) | (planes[plane * count + i] as number);
    const residual = high * 2 ** 32 + (low >>> 0) + least;
    if (order === 0) integer = residual;
    else if (order === 1) integer += residual;
    else {
      difference += residual;
      integer += difference;
    }
    values[i + order] = (integer / divisor) * factor;
  }
  return values;
}
