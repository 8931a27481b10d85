/**
 * Lets bodies into memory up to a bound; the others wait outside in the order in which they came. One that is larger than
 * the bound goes in alone.
 */
export class ByteGate {
  readonly #limit: number;
  readonly #queue: { readonly bytes: number; readonly enter: () => void }[] = [];
  #inside = 0;
  #waiting = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  /** Bytes that are inside. */
  get inside(): number {
    return this.#inside;
  }

  /** Bytes that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Resolves when there is room. Dispose what it gives to leave, exactly once. */
  async enter(bytes: number): Promise<Disposable> {
    if (this.#queue.length > 0 || !this.#hasRoom(bytes)) {
      this.#waiting += bytes;
      await new Promise<void>((enter) => {
        this.#queue.push({ bytes, enter });
      });
      this.#waiting -= bytes;
    } else {
      this.#inside += bytes;
    }
    return { [Symbol.dispose]: () => this.#leave(bytes) };
  }

  #hasRoom(bytes: number): boolean {
    return this.#inside === 0 || this.#inside + bytes <= this.#limit;
  }

  #leave(bytes: number): void {
    this.#inside -= bytes;
    for (let first = this.#queue[0]; first && this.#hasRoom(first.bytes); first = this.#queue[0]) {
      this.#queue.shift();
      // Counted before it runs on, so that nobody else takes its room.
      this.#inside += first.bytes;
      first.enter();
    }
  }
}
