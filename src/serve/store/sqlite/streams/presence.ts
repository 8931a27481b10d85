/** Which of the rows hold a key, gathered over many columns so that columns with the same rows share one pattern. */
export class Patterns {
  /** Pattern i + 1; pattern 0 is "all rows" and not listed. */
  readonly list: Uint32Array[] = [];
  readonly #byHash = new Map<number, number[]>();

  /** The number of the pattern; the same rows get the same number. */
  of(rows: Uint32Array | null): number {
    if (rows === null) return 0;
    let hash = rows.length;
    for (let i = 0; i < rows.length; i++) hash = Math.imul(hash ^ (rows[i] as number), 0x01000193);
    const same = this.#byHash.get(hash);
    for (const id of same ?? []) if (isSame(this.list[id - 1] as Uint32Array, rows)) return id;
    const id = this.list.push(rows);
    if (same === undefined) this.#byHash.set(hash, [id]);
    else same.push(id);
    return id;
  }
}

function isSame(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
