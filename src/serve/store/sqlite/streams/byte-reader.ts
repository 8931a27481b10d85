/** Reads what `ByteWriter` wrote. Reading beyond the end throws: the bytes are damaged. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined || scale > 2 ** 49) throw new RangeError('stored bytes are damaged: a varint has no end');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  /** Shares memory with what is read. */
  bytes(length: number): Uint8Array {
    if (length > this.left) throw new RangeError('stored bytes are damaged: they end too early');
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return bytes;
  }

  doubles(length: number): Float64Array<ArrayBuffer> {
    const from = this.bytes(length * 8);
    const values = new Float64Array(length);
    new Uint8Array(values.buffer).set(from);
    return values;
  }

  ascending(length: number): Uint32Array<ArrayBuffer> {
    if (length > this.left) throw new RangeError('stored bytes are damaged: they end too early');
    const values = new Uint32Array(length);
    let previous = -1;
    for (let i = 0; i < length; i++) {
      previous += this.varint() + 1;
      values[i] = previous;
    }
    return values;
  }
}
