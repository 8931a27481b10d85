/** Lines waiting to be sent, with the place of each in its stream of this log: the first line ever is 0. */
export class LineQueue {
  #lines: string[] = [];
  #first = 0;
  #bytes = 0;

  push(line: string): void {
    this.#lines.push(line);
    this.#bytes += line.length;
  }

  /** Place of the first line that waits; how many lines were taken away so far. */
  get first(): number {
    return this.#first;
  }

  get length(): number {
    return this.#lines.length;
  }

  /** Characters that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The first lines whose characters sum up to at most `bytesMax`, at least one if any waits. */
  peek(bytesMax: number): readonly string[] {
    let bytes = 0;
    let count = 0;
    while (count < this.#lines.length) {
      bytes += (this.#lines[count] as string).length;
      if (bytes > bytesMax && count > 0) break;
      count++;
    }
    return this.#lines.slice(0, count);
  }

  /** Takes the first `count` lines away: they have arrived. */
  drop(count: number): void {
    for (const line of this.#lines.splice(0, count)) this.#bytes -= line.length;
    this.#first += count;
  }
}
