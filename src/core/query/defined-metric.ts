/** What a script said of a metric with W&B's `define_metric`, or of all that a pattern such as `val/*` matches. */
export interface DefinedMetric {
  /** A key, or its beginning and a `*`. */
  readonly name: string;
  /** The key whose values lie on x for this metric; null: steps. */
  readonly step: string | null;
  readonly hidden: boolean;
}

/** What holds for a key: the definition of its own name, else the first pattern that it matches; null without any. */
export function definitionOf<M extends DefinedMetric>(key: string, defined: readonly M[]): M | null {
  const own = defined.find(({ name }) => name === key);
  return own ?? defined.find(({ name }) => name.endsWith('*') && key.startsWith(name.slice(0, -1))) ?? null;
}
