import { joinWords, splitWords } from './byte-planes.ts';

/** The numbers of a column are `integer / 10^digits` (decimal) or `integer / 2^digits`. */
export interface Scale {
  readonly decimal: boolean;
  readonly digits: number;
}

/** Differences taken `order` times; the anchors are the first integer, then the first difference: what summing begins with. */
export interface Residuals {
  readonly order: number;
  readonly anchors: readonly number[];
  /** One fewer per order than there are numbers. */
  readonly numbers: Float64Array;
  readonly least: number;
  readonly most: number;
}

const EXACT = 2 ** 53;
/** Differences of differences of integers in a range this wide are still exact. */
const RANGE_OF_DIFFERENCES = 2 ** 50;
const DECIMALS_MAX = 12;
const POWERS = Array.from({ length: DECIMALS_MAX + 1 }, (_, i) => 10 ** i);
const WORD = 2 ** 32;

/** The fewest decimals that give every number back to the bit, or null: too many, too large, not finite, or a -0. */
export function decimalScale(values: Float64Array): Scale | null {
  let digits = 0;
  for (let i = 0; i < values.length; i++) {
    while (!holdsDecimal(values[i] as number, POWERS[digits] as number)) if (++digits > DECIMALS_MAX) return null;
  }
  // An earlier number may not survive the decimals that a later one needs.
  const power = POWERS[digits] as number;
  for (let i = 0; i < values.length; i++) if (!holdsDecimal(values[i] as number, power)) return null;
  return { decimal: true, digits };
}

function holdsDecimal(value: number, power: number): boolean {
  const integer = Math.round(value * power);
  return integer / power === value && Math.abs(integer) <= EXACT && (integer !== 0 || Object.is(value, 0));
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
  return lowest >= -127 && lowest <= 127 ? { decimal: false, digits: -lowest } : null;
}

/** The integers, exact; null when they lie too far apart for their differences from the least to be exact. */
export function integersOf(values: Float64Array, { decimal, digits }: Scale): Float64Array | null {
  const integers = new Float64Array(values.length);
  const power = decimal ? 10 ** digits : 2 ** digits;
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const integer = decimal ? Math.round((values[i] as number) * power) : (values[i] as number) * power;
    integers[i] = integer;
    if (integer < least) least = integer;
    if (integer > most) most = integer;
  }
  return most - least > EXACT ? null : integers;
}

/** How often to take differences, 0 to 2 times, so that the sample gets smallest; and the bits per number it then needs. */
export function bestOrder(sample: Float64Array): { readonly order: number; readonly bits: number } {
  let best = { order: 0, bits: bitsOf(sample) };
  let residuals = sample;
  for (let order = 1; order <= 2 && residuals.length > 1; order++) {
    residuals = differences(residuals);
    const bits = bitsOf(residuals);
    if (bits < best.bits) best = { order, bits };
  }
  return best;
}

/** Differences taken `order` times, or none when the integers are too far apart for that to be exact. */
export function residualsOf(integers: Float64Array, order: number): Residuals {
  let numbers = integers;
  let [least, most] = bounds(numbers);
  const anchors: number[] = [];
  while (anchors.length < order && numbers.length > 1 && (anchors.length > 0 || most - least <= RANGE_OF_DIFFERENCES)) {
    anchors.push(numbers[0] as number);
    numbers = differences(numbers);
    [least, most] = bounds(numbers);
  }
  return { order: anchors.length, anchors, numbers, least, most };
}

function differences(from: Float64Array): Float64Array {
  const to = new Float64Array(from.length - 1);
  for (let i = 0; i < to.length; i++) to[i] = (from[i + 1] as number) - (from[i] as number);
  return to;
}

function bounds(numbers: Float64Array): [number, number] {
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] as number;
    if (number < least) least = number;
    if (number > most) most = number;
  }
  return [least, most];
}

/** Mean bits of the distance of numbers from their middle, sign included. */
function bitsOf(numbers: Float64Array): number {
  let middle = 0;
  for (let i = 0; i < numbers.length; i++) middle += (numbers[i] as number) / numbers.length;
  let bits = 0;
  for (let i = 0; i < numbers.length; i++) bits += Math.log2(1 + 2 * Math.abs((numbers[i] as number) - middle));
  return bits / numbers.length;
}

/** The residuals above the least, as byte planes, as many as they need. */
export function residualPlanes({ numbers, least, most }: Residuals): { width: number; planes: Uint8Array } {
  let width = 0;
  while (256 ** width <= most - least) width++;
  const count = numbers.length;
  const low = new Uint32Array(count);
  const high = new Uint32Array(width > 4 ? count : 0);
  for (let i = 0; i < count; i++) {
    const number = (numbers[i] as number) - least;
    low[i] = number;
    if (width > 4) high[i] = number / WORD;
  }
  const planes = new Uint8Array(width * count);
  splitWords({ words: low, offset: 0, stride: 1 }, count, Math.min(width, 4), planes, 0);
  if (width > 4) splitWords({ words: high, offset: 0, stride: 1 }, count, width - 4, planes, 4 * count);
  return { width, planes };
}

/** The numbers again, of residuals above `least` in byte planes. */
export function sumUp(
  { order, anchors, least }: { order: number; anchors: readonly number[]; least: number },
  { decimal, digits }: Scale,
  { width, planes }: { width: number; planes: Uint8Array },
  length: number,
): Float64Array {
  const count = Math.max(0, length - order);
  const values = new Float64Array(length);
  const residuals = width === 0 ? null : residualsFrom(planes, count, width, least);
  let integer = anchors[0] ?? 0;
  let difference = anchors[1] ?? 0;
  values[0] = integer;
  if (order === 2) values[1] = integer += difference;
  if (order === 0) {
    for (let i = 0; i < count; i++) values[i] = residuals === null ? least : (residuals[i] as number);
  } else if (order === 1) {
    for (let i = 0; i < count; i++) values[i + 1] = integer += residuals === null ? least : (residuals[i] as number);
  } else {
    for (let i = 0; i < count; i++) {
      values[i + 2] = integer += difference += residuals === null ? least : (residuals[i] as number);
    }
  }
  // Dividing is what `decimalScale` tried; a multiplication by 10^-digits would round differently.
  const power = decimal ? 10 ** digits : 2 ** -digits;
  if (digits === 0) return values;
  if (decimal) for (let i = 0; i < length; i++) values[i] = (values[i] as number) / power;
  else for (let i = 0; i < length; i++) values[i] = (values[i] as number) * power;
  return values;
}

function residualsFrom(planes: Uint8Array, count: number, width: number, least: number): Float64Array {
  const residuals = new Float64Array(count);
  const low = new Uint32Array(count);
  joinWords({ words: low, offset: 0, stride: 1 }, count, Math.min(width, 4), planes, 0);
  if (width <= 4) {
    for (let i = 0; i < count; i++) residuals[i] = (low[i] as number) + least;
    return residuals;
  }
  const high = new Uint32Array(count);
  joinWords({ words: high, offset: 0, stride: 1 }, count, width - 4, planes, 4 * count);
  for (let i = 0; i < count; i++) residuals[i] = (high[i] as number) * WORD + (low[i] as number) + least;
  return residuals;
}
