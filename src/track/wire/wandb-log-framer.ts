import { crc32 } from '../../core/base/crc32.ts';
import {
  BLOCK_BYTES,
  CHUNK_FIRST,
  CHUNK_FULL,
  CHUNK_HEADER_BYTES,
  CHUNK_LAST,
  CHUNK_MIDDLE,
} from './wandb-log-format.ts';

/** Bytes that a caller of `frameRecord` leaves free before the record, so that the usual case needs no copy. */
export const FRAME_HEADROOM = CHUNK_HEADER_BYTES;

/**
 * The bytes that append the record `buffer[FRAME_HEADROOM, end)` to a log that is `position` bytes long (at least the file
 * header's 7). The answer is either a view of `buffer`, whose headroom is overwritten, or a new array.
 */
export function frameRecord(buffer: Uint8Array, end: number, position: number): Uint8Array {
  const left = BLOCK_BYTES - (position % BLOCK_BYTES);
  if (left < end) return frameAcrossBlocks(buffer.subarray(FRAME_HEADROOM, end), left);
  writeChunkHeader(buffer, 0, CHUNK_FULL, end - FRAME_HEADROOM);
  return buffer.subarray(0, end);
}

function frameAcrossBlocks(record: Uint8Array, leftInBlock: number): Uint8Array {
  const chunkCount = 2 + Math.ceil(record.length / (BLOCK_BYTES - CHUNK_HEADER_BYTES));
  const out = new Uint8Array(record.length + chunkCount * CHUNK_HEADER_BYTES + CHUNK_HEADER_BYTES);
  let at = 0;
  let left = leftInBlock;
  let done = 0;
  let isFirst = true;
  do {
    if (left < CHUNK_HEADER_BYTES) {
      at += left;
      left = BLOCK_BYTES;
    }
    const length = Math.min(record.length - done, left - CHUNK_HEADER_BYTES);
    out.set(record.subarray(done, done + length), at + CHUNK_HEADER_BYTES);
    const isLast = done + length === record.length;
    const type = isFirst ? (isLast ? CHUNK_FULL : CHUNK_FIRST) : isLast ? CHUNK_LAST : CHUNK_MIDDLE;
    writeChunkHeader(out, at, type, length);
    at += CHUNK_HEADER_BYTES + length;
    left -= CHUNK_HEADER_BYTES + length;
    done += length;
    isFirst = false;
  } while (done < record.length);
  return out.subarray(0, at);
}

function writeChunkHeader(out: Uint8Array, at: number, type: number, length: number): void {
  out[at + 6] = type;
  const crc = crc32(out, at + 6, at + CHUNK_HEADER_BYTES + length);
  out[at] = crc;
  out[at + 1] = crc >>> 8;
  out[at + 2] = crc >>> 16;
  out[at + 3] = crc >>> 24;
  out[at + 4] = length;
  out[at + 5] = length >>> 8;
}
