import { joinWords, splitWords } from './byte-planes.ts';
import {
  bestOrder,
  binaryScale,
  decimalScale,
  integersOf,
  residualPlanes,
  type Residuals,
  residualsOf,
  type Scale,
  sumUp,
} from './scaled-integers.ts';

/**
 * Doubles as a small head and byte planes: plane 0 holds the lowest byte of every number, and so on. Planes are what a
 * general compressor does well on, and many are constant. Lossless to the bit; every NaN may become the canonical one.
 *
 *     head: form, then by form
 *       1 constant      the value (float64)                                                    no planes
 *       2 float64       nothing                                                                8 planes
 *       3 float32       nothing                                                                4 planes
 *       4, 5 integers   order, digits (int8), anchors and least residual (float64), width      `width` planes
 *
 * In forms 4 and 5 the numbers are integers divided by 10^digits or 2^digits. `order` is how many times differences are
 * taken; each order has the first value before it as its anchor, and holds one number fewer. Little-endian.
 */
export interface NumberColumn {
  readonly head: Uint8Array;
  readonly planes: Uint8Array;
  readonly width: number;
}

const FORM = { constant: 1, float64: 2, float32: 3, decimal: 4, binary: 5 } as const;
const SAMPLE = 128;

/** Splits in the form that a sample of the numbers says is the smallest. At least one number. */
export function splitNumbers(values: Float64Array): NumberColumn {
  if (isConstant(values)) return splitConstant(values[0] ?? 0);
  const sample = sampleOf(values);
  const floats = isFloat32(values) ? Float32Array.from(values) : values;
  const floatBits = varyingBits(sampleOf(floats).slice());
  // The head of integers weighs on short columns.
  const chosen = chooseIntegers(values, sample, floatBits - (8 * 20) / values.length);
  if (chosen === null) return splitFloats(floats);
  return splitIntegers(chosen.scale, residualsOf(chosen.integers, chosen.order));
}

/** Splits as floats, whatever the numbers are: quick, and for noise as small. At least one number. */
export function splitQuickly(values: Float64Array): NumberColumn {
  return splitFloats(isFloat32(values) ? Float32Array.from(values) : values);
}

/** Length of the head that begins at `offset`. Throws `RangeError` when it is damaged or the bytes end before it does. */
export function headLength(bytes: Uint8Array, offset: number): number {
  const form = bytes[offset];
  const order = bytes[offset + 1] ?? 0;
  const integers = form === FORM.decimal || form === FORM.binary;
  if (integers && order > 2)
    throw new RangeError(`a column of numbers takes differences ${order} times; it is damaged`);
  const length = form === FORM.constant ? 9 : integers ? 4 + 8 * (order + 1) : 1;
  if (offset + length > bytes.length) throw new RangeError('a column of numbers ends in its head; it is damaged');
  return length;
}

/** How many planes follow this head, and how many numbers each of them holds, for a column of `length` numbers. */
export function planesOf(head: Uint8Array, length: number): { readonly width: number; readonly count: number } {
  switch (head[0]) {
    case FORM.constant:
      return { width: 0, count: 0 };
    case FORM.float64:
      return { width: 8, count: length };
    case FORM.float32:
      return { width: 4, count: length };
    case FORM.decimal:
    case FORM.binary: {
      const width = head[head.length - 1] ?? 0;
      const count = length - (head[1] ?? 0);
      if (width > 7 || count < 0) throw new RangeError('a column of numbers has a wrong width; it is damaged');
      return { width, count };
    }
    default:
      throw new RangeError(`a column of numbers has the unknown form ${String(head[0])}; it is damaged`);
  }
}

/** The inverse of `splitNumbers`. Throws `RangeError` when `planes` is not as long as `planesOf` says. */
export function joinNumbers(head: Uint8Array, planes: Uint8Array, length: number): Float64Array {
  const { width, count } = planesOf(head, length);
  if (planes.length !== width * count) throw new RangeError('a column of numbers has lost planes; it is damaged');
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head[0] === FORM.constant) return new Float64Array(length).fill(view.getFloat64(1, true));
  if (head[0] === FORM.float32) {
    const words = new Uint32Array(length);
    joinWords({ words, offset: 0, stride: 1 }, length, 4, planes, 0);
    return Float64Array.from(new Float32Array(words.buffer));
  }
  if (head[0] === FORM.float64) {
    const words = new Uint32Array(2 * length);
    joinWords({ words, offset: 0, stride: 2 }, length, 4, planes, 0);
    joinWords({ words, offset: 1, stride: 2 }, length, 4, planes, 4 * length);
    return new Float64Array(words.buffer);
  }
  const order = head[1] ?? 0;
  const anchors = Array.from({ length: order }, (_, i) => view.getFloat64(3 + 8 * i, true));
  const least = view.getFloat64(3 + 8 * order, true);
  const scale = { decimal: head[0] === FORM.decimal, digits: view.getInt8(2) };
  return sumUp({ order, anchors, least }, scale, { width, planes }, length);
}

function isConstant(values: Float64Array): boolean {
  const first = values[0];
  for (let i = 1; i < values.length; i++) if (!Object.is(values[i], first)) return false;
  return true;
}

function isFloat32(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Math.fround(value) !== value && value === value) return false;
  }
  return true;
}

/** The part of the numbers that decides on the form: a stretch from the middle, since differences matter. */
function sampleOf<Numbers extends Float32Array | Float64Array>(values: Numbers): Numbers {
  const from = Math.max(0, (values.length - SAMPLE) >> 1);
  return values.subarray(from, from + SAMPLE) as Numbers;
}

/** How many bits differ among the numbers: what noise will cost if they are kept as floats. */
function varyingBits(numbers: Float32Array | Float64Array): number {
  const words = new Uint32Array(numbers.buffer);
  const step = numbers.BYTES_PER_ELEMENT / 4;
  let bits = 0;
  for (let word = 0; word < step; word++) {
    let differing = 0;
    for (let i = word; i < words.length; i += step) differing |= (words[i] as number) ^ (words[word] as number);
    for (; differing !== 0; differing &= differing - 1) bits++;
  }
  return bits;
}

interface Chosen {
  readonly scale: Scale;
  readonly integers: Float64Array;
  readonly order: number;
}

/** The scale and order that need the fewest bits by the sample, when these are fewer than `bitsMax`; else null. */
function chooseIntegers(values: Float64Array, sample: Float64Array, bitsMax: number): Chosen | null {
  let best: Chosen | null = null;
  let bestBits = bitsMax;
  for (const scaleOf of [decimalScale, binaryScale]) {
    const sampleScale = scaleOf(sample);
    const sampleIntegers = sampleScale === null ? null : integersOf(sample, sampleScale);
    if (sampleIntegers === null || bestOrder(sampleIntegers).bits >= bestBits) continue;
    // What lies outside the sample may need more digits, and then more bits.
    const scale = scaleOf(values);
    const integers = scale === null ? null : integersOf(values, scale);
    if (scale === null || integers === null) continue;
    const { order, bits } = bestOrder(sampleOf(integers));
    if (bits >= bestBits) continue;
    best = { scale, integers, order };
    bestBits = bits;
  }
  return best;
}

function splitConstant(value: number): NumberColumn {
  const head = new Uint8Array(9);
  head[0] = FORM.constant;
  new DataView(head.buffer).setFloat64(1, value, true);
  return { head, planes: new Uint8Array(0), width: 0 };
}

function splitFloats(numbers: Float32Array | Float64Array): NumberColumn {
  const words = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.byteLength / 4);
  const planes = new Uint8Array(numbers.byteLength);
  const stride = numbers.BYTES_PER_ELEMENT / 4;
  for (let half = 0; half < stride; half++) {
    splitWords({ words, offset: half, stride }, numbers.length, 4, planes, 4 * half * numbers.length);
  }
  return { head: Uint8Array.of(stride === 1 ? FORM.float32 : FORM.float64), planes, width: 4 * stride };
}

function splitIntegers(scale: Scale, residuals: Residuals): NumberColumn {
  const { order, anchors, least } = residuals;
  const { width, planes } = residualPlanes(residuals);
  const head = new Uint8Array(4 + 8 * (order + 1));
  const view = new DataView(head.buffer);
  head[0] = scale.decimal ? FORM.decimal : FORM.binary;
  head[1] = order;
  view.setInt8(2, scale.digits);
  [...anchors, least].forEach((anchor, i) => view.setFloat64(3 + 8 * i, anchor, true));
  head[head.length - 1] = width;
  return { head, planes, width };
}
