/** Bytes in the making. Numbers are little endian; varints carry 7 bits a byte, the lowest first. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #used = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** `value` is an integer from 0 to 2^53. */
  varint(value: number): void {
    this.#room(8);
    while (value >= 128) {
      this.#bytes[this.#used++] = (value % 128) | 128;
      value = Math.floor(value / 128);
    }
    this.#bytes[this.#used++] = value;
  }

  /** An integer of either sign, small ones in few bytes. */
  signed(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  bytes(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  doubles(values: Float64Array): void {
    this.bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }

  /** Ascending integers as the gaps between them. */
  ascending(values: ArrayLike<number>): void {
    let previous = -1;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      this.varint(value - previous - 1);
      previous = value;
    }
  }

  /** What was written; shares memory with the writer, which is done with. */
  done(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#used);
  }

  #room(count: number): void {
    const needed = this.#used + count;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = larger;
  }
}
