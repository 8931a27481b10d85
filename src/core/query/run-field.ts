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

const ALIASES: Readonly<Record<string, RunAttribute>> = {
  tag: 'tags',
  username: 'user',
  displayName: 'name',
  display_name: 'name',
  job_type: 'jobType',
  created_at: 'createdAt',
  heartbeat_at: 'heartbeatAt',
  finished_at: 'finishedAt',
};
const SECTION = /^(config|summary|summary_metrics|summaryMetrics)\.(.+)$/s;

/** The field of a name, null when it is neither an attribute nor begins with `config.` or `summary.`. */
export function findRunField(name: string): RunField | null {
  const section = SECTION.exec(name);
  if (section !== null) return { of: section[1] === 'config' ? 'config' : 'summary', path: section[2] as string };
  const attribute = Object.hasOwn(ALIASES, name) ? ALIASES[name] : RUN_ATTRIBUTES.find((known) => known === name);
  return attribute === undefined ? null : { of: 'run', name: attribute };
}

/** The field of a name; one that is no known field is a key of the summary: `loss` is `summary.loss`. */
export function parseRunField(name: string): RunField {
  return findRunField(name) ?? { of: 'summary', path: name };
}

/** The name that `parseRunField` reads back. */
export function printRunField(field: RunField): string {
  return field.of === 'run' ? field.name : `${field.of}.${field.path}`;
}
