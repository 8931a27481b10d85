import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { headLength, joinNumbers, planesOf, splitNumbers } from '../../../../core/base/number-column.ts';

/** Fewer bytes than this are not worth a compressor's call. */
const COMPRESS_FROM = 96;
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** Of this many bytes of a plane, noise has about 160 different ones. */
const SAMPLE = 256;
const NOISE_FROM = 144;

/**
 * Columns of equal length as they lie on disk: for each its head (`core/base/number-column.ts`) and, if it has planes, a byte
 * that says which of them are compressed (bit i: plane i); then the planes that are not, and last those that are, in one
 * zstd frame. Planes of noise stay as they are: nothing is gained on them, and reading them is a copy. Lossless to the bit,
 * but for NaNs, which may become the canonical one.
 */
export function encodeColumns(columns: readonly Float64Array[]): Uint8Array {
  const heads: Uint8Array[] = [];
  const raw: Uint8Array[] = [];
  const regular: Uint8Array[] = [];
  for (const values of columns) {
    if (values.length === 0) continue;
    const { head, planes, width } = splitNumbers(values);
    heads.push(head);
    if (width === 0) continue;
    const count = planes.length / width;
    const mask = planes.length < COMPRESS_FROM ? 0 : regularPlanes(planes, count, width);
    heads.push(Uint8Array.of(mask));
    for (let plane = 0; plane < width; plane++) {
      ((mask >> plane) & 1 ? regular : raw).push(planes.subarray(plane * count, (plane + 1) * count));
    }
  }
  return concat([...heads, ...raw, ...(regular.length === 0 ? [] : [zstdCompressSync(concat(regular), ZSTD)])]);
}

/** The inverse of `encodeColumns`, for columns of `length` numbers. Throws when the bytes are damaged. */
export function decodeColumns(bytes: Uint8Array, length: number, columns: number): Float64Array[] {
  if (length === 0) return Array.from({ length: columns }, () => new Float64Array(0));
  let at = 0;
  let regular = 0;
  const heads = Array.from({ length: columns }, () => {
    const head = bytes.subarray(at, at + headLength(bytes, at));
    at += head.length;
    const { width, count } = planesOf(head, length);
    const mask = width === 0 ? 0 : (bytes[at++] ?? 0);
    for (let plane = 0; plane < width; plane++) if ((mask >> plane) & 1) regular += count;
    return { head, width, count, mask };
  });
  const raw = heads.reduce((sum, { width, count }) => sum + width * count, 0) - regular;
  const packed = bytes.subarray(at + raw);
  const unpacked = regular === 0 ? packed : zstdDecompressSync(packed, { maxOutputLength: regular });
  if (unpacked.length !== regular) throw new RangeError('columns have lost planes; they are damaged');
  let from = 0;
  return heads.map(({ head, width, count, mask }) => {
    if (mask === 0) return joinNumbers(head, bytes.subarray(at, (at += width * count)), length);
    const planes = new Uint8Array(width * count);
    for (let plane = 0; plane < width; plane++) {
      const compressed = (mask >> plane) & 1;
      planes.set(compressed ? unpacked.subarray(from, from + count) : bytes.subarray(at, at + count), plane * count);
      if (compressed) from += count;
      else at += count;
    }
    return joinNumbers(head, planes, length);
  });
}

/** `encodeColumns` of one column. */
export function encodeColumn(values: Float64Array): Uint8Array {
  return encodeColumns([values]);
}

/** The inverse of `encodeColumn`. */
export function decodeColumn(bytes: Uint8Array, length: number): Float64Array {
  const [values] = decodeColumns(bytes, length, 1);
  return values ?? new Float64Array(0);
}

/** The planes that are worth a compressor's call. */
function regularPlanes(planes: Uint8Array, count: number, width: number): number {
  let mask = 0;
  for (let plane = 0; plane < width; plane++) {
    if (!isNoise(planes.subarray(plane * count, (plane + 1) * count))) mask |= 1 << plane;
  }
  return mask;
}

function isNoise(plane: Uint8Array): boolean {
  if (plane.length < SAMPLE) return false;
  const seen = new Uint8Array(256);
  const from = (plane.length - SAMPLE) >> 1;
  let different = 0;
  for (let i = from; i < from + SAMPLE; i++) {
    const byte = plane[i] as number;
    if (seen[byte] === 0) different++;
    seen[byte] = 1;
  }
  return different >= NOISE_FROM;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
