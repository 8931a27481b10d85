/**
 * Byte planes of 32-bit words: plane 0 holds the lowest byte of every word, plane 1 the next, and so on. Word i lies at
 * `words[offset + i * stride]`, so that the halves of doubles are split in place.
 */
export interface Words {
  readonly words: Uint32Array;
  readonly offset: number;
  readonly stride: number;
}

/** Writes the `width` (0 to 4) lowest bytes of `count` words as planes, the first of them at `at`. */
export function splitWords(of: Words, count: number, width: number, planes: Uint8Array, at: number): void {
  const { words, offset, stride } = of;
  for (let plane = 0; plane < width; plane++) {
    const shift = 8 * plane;
    let to = at + plane * count;
    for (let i = 0, from = offset; i < count; i++, from += stride) planes[to++] = (words[from] as number) >>> shift;
  }
}

/** The inverse of `splitWords`; bytes that have no plane are 0. */
export function joinWords(of: Words, count: number, width: number, planes: Uint8Array, at: number): void {
  const { words, offset, stride } = of;
  const a = at;
  const b = a + count;
  const c = b + count;
  const d = c + count;
  let to = offset;
  // One loop for each width: this is where reading a column spends its time.
  if (width === 4) {
    for (let i = 0; i < count; i++, to += stride) {
      words[to] =
        byte(planes, a + i) | (byte(planes, b + i) << 8) | (byte(planes, c + i) << 16) | (byte(planes, d + i) << 24);
    }
  } else if (width === 3) {
    for (let i = 0; i < count; i++, to += stride) {
      words[to] = byte(planes, a + i) | (byte(planes, b + i) << 8) | (byte(planes, c + i) << 16);
    }
  } else if (width === 2) {
    for (let i = 0; i < count; i++, to += stride) words[to] = byte(planes, a + i) | (byte(planes, b + i) << 8);
  } else if (width === 1) {
    for (let i = 0; i < count; i++, to += stride) words[to] = byte(planes, a + i);
  } else {
    for (let i = 0; i < count; i++, to += stride) words[to] = 0;
  }
}

function byte(planes: Uint8Array, at: number): number {
  return planes[at] as number;
}
