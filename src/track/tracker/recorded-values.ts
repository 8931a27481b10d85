import type { Values } from './run.ts';

/** What a change of values becomes in the log. */
export type RecordChange = (
  update: readonly (readonly [key: string, value: unknown])[],
  remove: readonly string[],
) => void;

/** Values that a program reads and sets, each change of which is recorded. */
export class RecordedValues implements Values {
  readonly #values: Map<string, unknown>;
  readonly #record: RecordChange;
  readonly #otherwise: (key: string) => unknown;

  /** `initial` is taken as recorded already. `otherwise` answers for keys that were never set. */
  constructor(
    initial: Readonly<Record<string, unknown>>,
    record: RecordChange,
    otherwise: (key: string) => unknown = () => undefined,
  ) {
    this.#values = new Map(Object.entries(initial));
    this.#record = record;
    this.#otherwise = otherwise;
  }

  get(key: string): unknown {
    return this.#values.has(key) ? this.#values.get(key) : this.#otherwise(key);
  }

  set(key: string, value: unknown): void {
    this.#values.set(key, value);
    this.#record([[key, value]], []);
  }

  update(values: Readonly<Record<string, unknown>>): void {
    const entries = Object.entries(values);
    for (const [key, value] of entries) this.#values.set(key, value);
    this.#record(entries, []);
  }

  delete(key: string): void {
    this.#values.delete(key);
    this.#record([], [key]);
  }

  /** Values that were there before this program, where it has not set its own; not recorded again. */
  adopt(values: Readonly<Record<string, unknown>>): void {
    for (const [key, value] of Object.entries(values)) if (!this.#values.has(key)) this.#values.set(key, value);
  }
}
