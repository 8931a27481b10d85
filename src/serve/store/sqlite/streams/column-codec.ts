import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { headLength, joinNumbers, planesOf, splitNumbers } from '../../../../core/base/number-column.ts';

/** Fewer bytes than this are not worth a compressor's call. */
const COMPRESS_FROM = 96;
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** Of this many bytes of a plane, noise has about 160 different ones. */
const SAMPLE = 256;
const NOISE_FROM = 144;

/**
 * A column as it lies on disk: the head of `NumberColumn`, a byte that says which planes are compressed (bit i: plane i),
 * the planes that are not, and then those that are, together in one zstd frame. Planes of noise stay as they are: nothing
 * is gained on them, and reading them is a copy. Lossless to the bit, but for NaNs, which may become the canonical one.
 */
export function encodeColumn(values: Float64Array): Uint8Array {
  if (values.length === 0) return new Uint8Array(0);
  const { head, planes, width } = splitNumbers(values);
  if (width === 0) return head;
  const size = planes.length / width;
  let mask = 0;
  for (let plane = 0; plane < width && planes.length >= COMPRESS_FROM; plane++) {
    if (!isNoise(planes.subarray(plane * size, (plane + 1) * size))) mask |= 1 << plane;
  }
  const [packed, raw] = partition(planes, size, width, mask);
  const compressed = packed.length > 0 ? zstdCompressSync(packed, ZSTD) : packed;
  if (compressed.length >= packed.length) return concat(head, Uint8Array.of(0), planes);
  return concat(head, Uint8Array.of(mask), raw, compressed);
}

/** The inverse of `encodeColumn`, for a column of `length` numbers. Throws when the bytes are damaged. */
export function decodeColumn(bytes: Uint8Array, length: number): Float64Array {
  if (length === 0) return new Float64Array(0);
  const head = bytes.subarray(0, headLength(bytes, 0));
  const { width, count } = planesOf(head, length);
  if (width === 0) return joinNumbers(head, new Uint8Array(0), length);
  const mask = bytes[head.length] ?? 0;
  const body = bytes.subarray(head.length + 1);
  if (mask === 0) return joinNumbers(head, body, length);
  const planes = new Uint8Array(width * count);
  let rawAt = 0;
  for (let plane = 0; plane < width; plane++) {
    if ((mask >> plane) & 1) continue;
    planes.set(body.subarray(rawAt, rawAt + count), plane * count);
    rawAt += count;
  }
  const packed = zstdDecompressSync(body.subarray(rawAt), { maxOutputLength: width * count });
  let packedAt = 0;
  for (let plane = 0; plane < width; plane++) {
    if (!((mask >> plane) & 1)) continue;
    planes.set(packed.subarray(packedAt, packedAt + count), plane * count);
    packedAt += count;
  }
  if (packedAt !== packed.length) throw new RangeError('a column has lost planes');
  return joinNumbers(head, planes, length);
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

/** The planes in the mask, and the others, each in one piece. */
function partition(planes: Uint8Array, size: number, width: number, mask: number): [Uint8Array, Uint8Array] {
  const chosen = Array.from({ length: width }, (_, plane) => planes.subarray(plane * size, (plane + 1) * size));
  return [
    concat(...chosen.filter((_, plane) => (mask >> plane) & 1)),
    concat(...chosen.filter((_, plane) => !((mask >> plane) & 1))),
  ];
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
