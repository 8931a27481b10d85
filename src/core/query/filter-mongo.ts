import { Refusal } from '../model/refusal.ts';
import type { Filter, FilterValue } from './filter.ts';
import { compilePattern } from './filter-pattern.ts';
import { isLooseObject, type LooseObject, type LooseValue, parseLooseObject } from './loose-json.ts';
import { findRunField, type RunField } from './run-field.ts';

const DEPTH_MAX = 32;
const CONDITIONS_MAX = 1_000;
const COMPARISONS = { $eq: 'eq', $ne: 'ne', $gt: 'gt', $gte: 'gte', $lt: 'lt', $lte: 'lte' } as const;

/**
 * Reads the Mongo-style JSON of W&B's `filters`: `$and $or $nor $not`, and of fields `$eq $ne $gt $gte $lt $lte $in $nin
 * $exists $regex $contains`; a bare value is equality. `name` is the run's id there and `display_name` its name. Null for
 * `{}`. Unknown operators and fields are a `Refusal`, never ignored: a filter that is not understood must not select.
 */
export function parseMongoFilter(json: string): Filter | null {
  if (json.trim() === '') return null;
  const reader = new Reader();
  const filter = reader.conditions(parseLooseObject(json), 0);
  return filter.op === 'and' && filter.of.length === 0 ? null : filter;
}

class Reader {
  #count = 0;

  conditions(object: LooseObject, depth: number): Filter {
    if (depth > DEPTH_MAX) refuse(`conditions lie more than ${DEPTH_MAX} deep`);
    return all(Object.entries(object).map(([key, value]) => this.#condition(key, value, depth)));
  }

  #condition(key: string, value: LooseValue, depth: number): Filter {
    if (++this.#count > CONDITIONS_MAX) refuse(`it has more than ${CONDITIONS_MAX} conditions`);
    if (!key.startsWith('$')) return this.#ofField(fieldOf(key), value, depth);
    if (key === '$and') return all(this.#list(key, value, depth));
    if (key === '$or') return { op: 'or', of: this.#list(key, value, depth) };
    if (key === '$nor') return not({ op: 'or', of: this.#list(key, value, depth) });
    if (key === '$not') return not(this.conditions(objectOf(key, value), depth + 1));
    return refuse(`it knows no operator ${key} here`);
  }

  #list(key: string, value: LooseValue, depth: number): Filter[] {
    return listOf(key, value).map((part) => this.conditions(objectOf(key, part), depth + 1));
  }

  #ofField(field: RunField, value: LooseValue, depth: number): Filter {
    if (!isLooseObject(value)) return { op: 'eq', field, value: scalar(value) };
    if (depth > DEPTH_MAX) refuse(`conditions lie more than ${DEPTH_MAX} deep`);
    const { $options: options, ...operators } = value;
    if (options !== undefined && operators['$regex'] === undefined) refuse('$options needs a $regex beside it');
    return all(Object.entries(operators).map(([key, operand]) => this.#operator(field, key, operand, options, depth)));
  }

  #operator(field: RunField, key: string, value: LooseValue, options: LooseValue | undefined, depth: number): Filter {
    if (++this.#count > CONDITIONS_MAX) refuse(`it has more than ${CONDITIONS_MAX} conditions`);
    if (Object.hasOwn(COMPARISONS, key)) {
      return { op: COMPARISONS[key as keyof typeof COMPARISONS], field, value: scalar(value) };
    }
    switch (key) {
      case '$in':
        return { op: 'in', field, values: listOf(key, value).map(scalar) };
      case '$nin':
        return not({ op: 'in', field, values: listOf(key, value).map(scalar) });
      case '$exists':
        return value === false || value === 0 ? not({ op: 'exists', field }) : { op: 'exists', field };
      case '$regex':
        return { op: 'matches', field, pattern: checked(textOf(key, value), options) };
      case '$contains':
        return { op: 'has', field, value: String(scalar(value)) };
      case '$not':
        return not(this.#ofField(field, value, depth + 1));
      default:
        return refuse(
          key.startsWith('$') ? `it knows no operator ${key}` : 'a field can be compared with plain values only',
        );
    }
  }
}

function fieldOf(name: string): RunField {
  if (name === 'name') return { of: 'run', name: 'id' };
  return (
    findRunField(name) ??
    refuse(`it knows no field ${JSON.stringify(name)}; keys are written config.KEY and summary_metrics.KEY`)
  );
}

function checked(pattern: string, options: LooseValue | undefined): string {
  if (options !== undefined && options !== '' && options !== 'i') refuse('of $options it knows "i" only');
  const whole = options === 'i' ? `(?i)${pattern}` : pattern;
  compilePattern(whole);
  return whole;
}

function all(of: readonly Filter[]): Filter {
  return of.length === 1 ? (of[0] as Filter) : { op: 'and', of };
}

function not(of: Filter): Filter {
  return { op: 'not', of };
}

function scalar(value: LooseValue): FilterValue {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'object' && value !== null) return refuse('a field can be compared with plain values only');
  return value;
}

function listOf(key: string, value: LooseValue): readonly LooseValue[] {
  return Array.isArray(value) ? (value as readonly LooseValue[]) : refuse(`${key} needs a list`);
}

function objectOf(key: string, value: LooseValue): LooseObject {
  return isLooseObject(value) ? value : refuse(`${key} needs conditions in braces`);
}

function textOf(key: string, value: LooseValue): string {
  return typeof value === 'string' ? value : refuse(`${key} needs a text`);
}

function refuse(what: string): never {
  throw new Refusal('bad_request', `this filter cannot be used: ${what}`);
}
