/** Different selections that are counted one by one; clients make the names up, so they are bounded. */
const NAMES_MAX = 200;

/** How often clients asked for a field that its type does not have, as `Type.field`; for `/metrics`. */
export class UnknownSelections {
  readonly #counts = new Map<string, number>();

  /** Counts one; beyond 200 different names as `other`. */
  note(selection: string): void {
    const name = this.#counts.has(selection) || this.#counts.size < NAMES_MAX ? selection : 'other';
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }
}
