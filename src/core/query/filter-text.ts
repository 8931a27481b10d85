import type { Filter } from './filter.ts';
import { compilePattern } from './filter-pattern.ts';
import { FilterRefusal, type Term, TextReader } from './filter-text-reader.ts';
import { readValue } from './filter-text-value.ts';
import { Refusal } from '../model/refusal.ts';
import { findRunField, parseRunField, type RunField } from './run-field.ts';

const DEPTH_MAX = 50;
const NAME: RunField = { of: 'run', name: 'name' };
const ID: RunField = { of: 'run', name: 'id' };
const TAGS: RunField = { of: 'run', name: 'tags' };
const COMPARISONS: Readonly<Record<string, 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte'>> = {
  ':': 'eq',
  '=': 'eq',
  '==': 'eq',
  '!=': 'ne',
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
};

/**
 * Reads the grammar that people write (`docs/filter.md`): `state:running loss<0.1 -tag:old (name~seed or has config.lr)`.
 * Null for a blank text. Throws `FilterRefusal`, which says at which character and why. `now` (milliseconds since the
 * epoch) is what `createdAt>-7d` is reckoned from.
 */
export function parseFilter(text: string, now: number = Date.now()): Filter | null {
  const parser = new Parser(new TextReader(text), now);
  return parser.whole();
}

class Parser {
  readonly #reader: TextReader;
  readonly #now: number;

  constructor(reader: TextReader, now: number) {
    this.#reader = reader;
    this.#now = now;
  }

  whole(): Filter | null {
    if (this.#reader.atEnd()) return null;
    const filter = this.#either(0);
    if (!this.#reader.atEnd()) this.#reader.refuse('this ) closes nothing');
    return filter;
  }

  #either(depth: number): Filter {
    const of = [this.#both(depth)];
    while (this.#reader.takeWord('or')) of.push(this.#both(depth));
    return of.length === 1 ? (of[0] as Filter) : { op: 'or', of };
  }

  #both(depth: number): Filter {
    const of = [this.#one(depth)];
    for (;;) {
      const joined = this.#reader.takeWord('and');
      if (!joined && (this.#reader.atEnd() || this.#reader.ahead(')') || this.#reader.aheadWord('or'))) break;
      of.push(this.#one(depth));
    }
    return of.length === 1 ? (of[0] as Filter) : { op: 'and', of };
  }

  #one(depth: number): Filter {
    if (depth > DEPTH_MAX) this.#reader.refuse(`this lies more than ${DEPTH_MAX} deep`);
    if (this.#reader.takeWord('not') || this.#reader.takeSign()) return { op: 'not', of: this.#one(depth + 1) };
    if (this.#reader.take('(')) {
      const inner = this.#either(depth + 1);
      if (!this.#reader.take(')')) this.#reader.refuse('a ) was expected');
      return inner;
    }
    if (this.#reader.takeWord('has')) return { op: 'exists', field: parseRunField(this.#reader.field()) };
    return this.#term(this.#reader.term());
  }

  #term(term: Term): Filter {
    if (term.operator === null) return either([has(NAME, term.name), has(ID, term.name)]);
    const { operator, values, quoted, valueAt } = term;
    // A bare `key:value` of no known field is the tag `key:value`.
    const field = operator === ':' && !term.nameQuoted ? findRunField(term.name) : parseRunField(term.name);
    if (field === null) return either(values.map((value) => has(TAGS, `${term.name}:${value}`)));
    if (operator === '~' || operator === '!~') {
      const matches: Filter = { op: 'matches', field, pattern: this.#pattern(values.join(), valueAt) };
      return operator === '~' ? matches : { op: 'not', of: matches };
    }
    const op = COMPARISONS[operator] as NonNullable<(typeof COMPARISONS)[string]>;
    const read = values.map((value) => readValue(field, value, { quoted, now: this.#now, at: valueAt }));
    if (read.length === 1) return { op, field, value: read[0] as (typeof read)[number] };
    if (op === 'eq') return { op: 'in', field, values: read };
    if (op === 'ne') return { op: 'not', of: { op: 'in', field, values: read } };
    return this.#reader.refuse('only one value can be compared by size', valueAt);
  }

  #pattern(pattern: string, at: number): string {
    try {
      compilePattern(pattern);
    } catch (error) {
      if (error instanceof Refusal) throw new FilterRefusal(error.message, at);
      throw error;
    }
    return pattern;
  }
}

function has(field: RunField, value: string): Filter {
  return { op: 'has', field, value };
}

function either(of: readonly Filter[]): Filter {
  return of.length === 1 ? (of[0] as Filter) : { op: 'or', of };
}
