/**
 * A value of a run that filters, orders and table columns may name. Written `state`, `config.lr`, `summary.val/acc`;
 * dots behind the first reach nested values, and a key that itself holds a dot is found too.
 */
export type RunField =
  | { readonly of: 'run'; readonly name: RunAttribute }
  /** The unwrapped value: `config.lr` is the `value` in W&B's `{"lr":{"value":…}}`. */
  | { readonly of: 'config'; readonly path: string }
  | { readonly of: 'summary'; readonly path: string };

export const RUN_ATTRIBUTES = [
  'id',
  'name',
  'state',
  'group',
  'jobType',
  'tags',
  'user',
  'sweep',
  'host',
  'notes',
  'createdAt',
  'heartbeatAt',
  'finishedAt',
  'duration',
  'steps',
] as const;
/** `name` is the display name; `duration` in seconds; times in milliseconds since the epoch; `steps` the last `_step`. */
export type RunAttribute = (typeof RUN_ATTRIBUTES)[number];

/** Sort key and direction. Runs that lack the value come last either way; ties by creation, then id. */
export interface RunOrder {
  readonly field: RunField;
  readonly descending: boolean;
}
