import { binaryScale, decimalScale, residuals, type Scaled, unscale } from './scaled-integers.ts';

/**
 * Doubles as a small head and byte planes: plane 0 holds the lowest byte of every number, and so on. Planes are what a
 * general compressor does well on, and many are constant. Lossless to the bit; every NaN may become the canonical one.
 *
 *     head: form, then by form
 *       1 constant      the value (float64)                                               no planes
 *       2 float64       nothing                                                           8 planes
 *       3 float32       nothing                                                           4 planes
 *       4, 5 integers   order, scale, `order + 1` anchors (float64), width                `width` planes
 *
 * In forms 4 and 5 the numbers are integers divided by 10^scale or by 2^scale. `order` is how many times differences are
 * taken; the anchors are the first value of each order and the least residual, which is subtracted. Little-endian.
 */
export interface NumberColumn {
  readonly head: Uint8Array;
  /** `planes.length` is the width times the count of numbers that each plane holds. */
  readonly planes: Uint8Array;
  readonly width: number;
}

export const FORM = { constant: 1, float64: 2, float32: 3, decimal: 4, binary: 5 } as const;
const SAMPLE = 128;

/** Splits in the form that a sample of the numbers says is the smallest. At least one number. */
export function splitNumbers(values: Float64Array): NumberColumn {
  if (isConstant(values)) {
    const head = new Uint8Array(9);
    head[0] = FORM.constant;
    new DataView(head.buffer).setFloat64(1, values[0] ?? 0, true);
    return { head, planes: new Uint8Array(0), width: 0 };
  }
  const floats = isFloat32(values) ? FORM.float32 : FORM.float64;
  const floatBits = varyingBits(values, floats);
  const integers = smallestIntegers(values, floatBits);
  if (integers !== null) return splitIntegers(integers, values.length);
  const numbers = floats === FORM.float32 ? Float32Array.from(values) : values;
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const width = numbers.BYTES_PER_ELEMENT;
  return { head: Uint8Array.of(floats), planes: transpose(bytes, width), width };
}

/** How many planes follow this head and how many numbers each of them holds, for a column of `length` numbers. */
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
      const width = head[headLength(head, 0) - 1] ?? 0;
      if (width > 7) throw new RangeError(`a number column has planes for ${width} bytes; it is damaged`);
      return { width, count: length - (head[1] ?? 0) };
    }
    default:
      throw new RangeError(`a number column has the unknown form ${String(head[0])}; it is damaged`);
  }
}

/** Length of the head that begins at `offset`. Throws `RangeError` when the bytes end before it does. */
export function headLength(bytes: Uint8Array, offset: number): number {
  const form = bytes[offset];
  const order = bytes[offset + 1] ?? 0;
  if ((form === FORM.decimal || form === FORM.binary) && order > 2) {
    throw new RangeError(`a number column takes differences ${order} times; it is damaged`);
  }
  const length = form === FORM.constant ? 9 : form === FORM.decimal || form === FORM.binary ? 4 + 8 * (order + 1) : 1;
  if (offset + length > bytes.length) throw new RangeError('a number column ends in its head; it is damaged');
  return length;
}

/** The inverse of `splitNumbers`. `planes` must be as long as `planesOf` says. */
export function joinNumbers(head: Uint8Array, planes: Uint8Array, length: number): Float64Array {
  const { width, count } = planesOf(head, length);
  if (planes.length !== width * count || count < 0) throw new RangeError('a number column has lost planes');
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  switch (head[0]) {
    case FORM.constant:
      return new Float64Array(length).fill(view.getFloat64(1, true));
    case FORM.float64:
      return new Float64Array(untranspose(planes, 8).buffer);
    case FORM.float32:
      return Float64Array.from(new Float32Array(untranspose(planes, 4).buffer));
    default: {
      const order = head[1] ?? 0;
      const anchors = Array.from({ length: order + 1 }, (_, i) => view.getFloat64(3 + 8 * i, true));
      const scale = view.getInt8(2);
      const divisor = head[0] === FORM.decimal ? 10 ** scale : 1;
      const factor = head[0] === FORM.decimal ? 1 : 2 ** -scale;
      return unscale({ anchors, least: anchors[order] ?? 0, order, divisor, factor }, planes, width, length);
    }
  }
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
function sampleOf(values: Float64Array): Float64Array {
  const from = Math.max(0, (values.length - SAMPLE) >> 1);
  return values.subarray(from, from + SAMPLE);
}

/** How many bits of the numbers' pattern differ among the sample: what noise will cost in this form. */
function varyingBits(values: Float64Array, form: number): number {
  const sample = sampleOf(values);
  const numbers = form === FORM.float32 ? Float32Array.from(sample) : sample.slice();
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

/** The numbers as differences of integers, when that takes fewer bits than `floatBits`; else null. */
function smallestIntegers(values: Float64Array, floatBits: number): Scaled | null {
  const sample = sampleOf(values);
  let best: Scaled | null = null;
  for (const scaleOf of [decimalScale, binaryScale]) {
    if (scaleOf(sample) === null) continue;
    const scale = scaleOf(values);
    if (scale === null) continue;
    const found = residuals(values, scale, SAMPLE);
    if (found === null) continue;
    const headBits = (8 * 32) / values.length;
    if (found.bits + headBits < Math.min(floatBits, best?.bits ?? Infinity)) best = found;
  }
  return best;
}

function splitIntegers(scaled: Scaled, length: number): NumberColumn {
  const { order, residuals: numbers, least, most } = scaled;
  let width = 0;
  while (256 ** width <= most - least) width++;
  const head = new Uint8Array(4 + 8 * (order + 1));
  const view = new DataView(head.buffer);
  head[0] = scaled.decimal ? FORM.decimal : FORM.binary;
  head[1] = order;
  view.setInt8(2, scaled.scale);
  scaled.anchors.forEach((anchor, i) => view.setFloat64(3 + 8 * i, anchor, true));
  view.setFloat64(3 + 8 * order, least, true);
  head[head.length - 1] = width;
  const count = length - order;
  const planes = new Uint8Array(width * count);
  for (let i = 0; i < count; i++) {
    const number = (numbers[i] as number) - least;
    let low = number >>> 0;
    for (let plane = 0; plane < width; plane++) {
      if (plane === 4) low = Math.floor(number / 2 ** 32);
      planes[plane * count + i] = low & 255;
      low >>>= 8;
    }
  }
  return { head, planes, width };
}

function transpose(bytes: Uint8Array, width: number): Uint8Array {
  const count = bytes.length / width;
  const planes = new Uint8Array(bytes.length);
  for (let plane = 0, at = 0; plane < width; plane++) {
    for (let from = plane; from < bytes.length; from += width) planes[at++] = bytes[from] as number;
  }
  return count === 0 ? new Uint8Array(0) : planes;
}

function untranspose(planes: Uint8Array, width: number): Uint8Array {
  const bytes = new Uint8Array(planes.length);
  for (let plane = 0, at = 0; plane < width; plane++) {
    for (let to = plane; to < bytes.length; to += width) bytes[to] = planes[at++] as number;
  }
  return bytes;
}
