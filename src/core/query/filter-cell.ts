import type { Run } from '../model/run.ts';
import { isLooseObject, type LooseObject, type LooseValue, parseLooseObject } from './loose-json.ts';
import { printLooseJson } from './loose-json-print.ts';
import type { RunAttribute, RunField } from './run-field.ts';

/**
 * The value of one field of one run, as filters, orders and tables see it: `undefined` where the run lacks it, a list only
 * for tags; other lists and objects are their JSON text.
 */
export type Cell = undefined | null | boolean | number | bigint | string | readonly string[];

/** The attributes that are times, in milliseconds since the epoch. */
export const TIME_ATTRIBUTES: ReadonlySet<RunAttribute> = new Set(['createdAt', 'heartbeatAt', 'finishedAt']);

/** Reads any field of a run; the definition that faster readers are compared with. */
export function cellOf(run: Run, field: RunField): Cell {
  if (field.of === 'config') return configCell(parseLooseObject(run.config), field.path);
  if (field.of === 'summary') return summaryCell(parseLooseObject(run.summary), field.path);
  return attributeCell(run, field.name, () => parseLooseObject(run.summary));
}

/** What an attribute is made of; a `Run`, or a row of a store. */
export type RunAttributes = Pick<
  Run,
  | 'id'
  | 'displayName'
  | 'state'
  | 'group'
  | 'jobType'
  | 'tags'
  | 'user'
  | 'sweep'
  | 'host'
  | 'notes'
  | 'createdAt'
  | 'heartbeatAt'
  | 'finishedAt'
>;

/** A run lacks an attribute that is null. */
export function attributeCell(run: RunAttributes, name: RunAttribute, summary: () => LooseObject): Cell {
  if (name === 'name') return run.displayName;
  if (name === 'duration') return Math.max(0, (run.finishedAt ?? run.heartbeatAt) - run.createdAt) / 1_000;
  if (name === 'steps') return summaryCell(summary(), '_step');
  return run[name] ?? undefined;
}

export function summaryCell(summary: LooseObject, path: string): Cell {
  return cellOfValue(find(summary, path));
}

/** Unwraps W&B's `{"lr":{"value":…}}`. */
export function configCell(config: LooseObject, path: string): Cell {
  // W&B's own filters may name the wrapping: `config.lr.value`.
  return cellOfValue(findWrapped(config, path) ?? findWrapped(config, path.replace(/\.value(?=\.|$)/, '')));
}

export function cellOfValue(value: LooseValue | undefined): Cell {
  return typeof value === 'object' && value !== null ? printLooseJson(value) : value;
}

/** The member at a dotted path. Of several readings the one whose first key is longest wins: `a.b` before `a` → `b`. */
function find(object: LooseObject, path: string): LooseValue | undefined {
  if (Object.hasOwn(object, path)) return object[path];
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const head = path.slice(0, dot);
    const inner = Object.hasOwn(object, head) ? object[head] : undefined;
    const found = isLooseObject(inner) ? find(inner, path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function findWrapped(config: LooseObject, path: string): LooseValue | undefined {
  const whole = unwrap(config, path);
  if (whole !== undefined) return whole;
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const inner = unwrap(config, path.slice(0, dot));
    const found = isLooseObject(inner) ? find(inner, path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function unwrap(config: LooseObject, key: string): LooseValue | undefined {
  const wrapped = Object.hasOwn(config, key) ? config[key] : undefined;
  return isLooseObject(wrapped) && Object.hasOwn(wrapped, 'value') ? wrapped['value'] : undefined;
}
