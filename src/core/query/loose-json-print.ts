import { Refusal } from '../model/refusal.ts';
import type { LooseJson } from '../model/run.ts';
import { LOOSE_JSON_DEPTH_MAX, type LooseValue } from './loose-json.ts';

/**
 * Writes loose JSON: bare NaN and infinities, `bigint` with every digit, `-0` with its sign. `parseLooseJson` reads the
 * same value back. Members that are `undefined` are left out, as `JSON.stringify` does.
 */
export function printLooseJson(value: LooseValue): LooseJson {
  return print(value, 0) as LooseJson;
}

/**
 * The same value for strict JSON, as our REST writes it: NaN and infinities become the texts "NaN", "Infinity" and
 * "-Infinity", integers beyond 2^53 their digits as text.
 */
export function toStrictJson(value: LooseValue): unknown {
  return strict(value, 0);
}

function print(value: LooseValue, depth: number): string {
  if (typeof value === 'number') return printNumber(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  checkDepth(depth);
  if (isList(value)) return `[${value.map((item) => print(item, depth + 1)).join(',')}]`;
  const members: string[] = [];
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${print(member, depth + 1)}`);
  }
  return `{${members.join(',')}}`;
}

function strict(value: LooseValue, depth: number): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  checkDepth(depth);
  if (isList(value)) return value.map((item) => strict(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, strict(member, depth + 1)]));
}

/** A double beyond 2^53 gets an exponent, so that it is not read back as an integer. */
function printNumber(value: number): string {
  if (Object.is(value, -0)) return '-0';
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);
}

function isList(value: object): value is readonly LooseValue[] {
  return Array.isArray(value);
}

function checkDepth(depth: number): void {
  if (depth < LOOSE_JSON_DEPTH_MAX) return;
  throw new Refusal('bad_request', `JSON: values lie more than ${LOOSE_JSON_DEPTH_MAX} deep`);
}
