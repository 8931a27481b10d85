import { Refusal } from '../model/refusal.ts';

/**
 * What loose JSON holds: JSON's values, numbers that may be NaN or infinite, and integers beyond 2^53 as `bigint`, so that
 * every digit survives. Objects have no prototype surprises: a key `__proto__` is a key like any other.
 */
export type LooseValue = null | boolean | number | bigint | string | readonly LooseValue[] | LooseObject;
export type LooseObject = { readonly [key: string]: LooseValue };

/** Lists and objects may lie this deep in each other: as deep as Python can write them. Clients send a handful. */
export const LOOSE_JSON_DEPTH_MAX = 1_024;

const NUMBER = /-?(?:Infinity|(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)/y;
const PLAIN_TEXT = /[ !#-[\]-\uffff]*/y;
const SPACE = /[ \t\n\r]*/y;
const WORDS: Readonly<Record<string, LooseValue>> = { true: true, false: false, null: null, NaN: Number.NaN };

/** Reads loose JSON. Throws `Refusal` (`bad_request`) that says what is wrong and at which character. */
export function parseLooseJson(text: string): LooseValue {
  try {
    const value = JSON.parse(text) as LooseValue;
    if (isExact(value, 0)) return value;
  } catch {
    // Bare NaN or Infinity, or an error: the exact parser says where.
  }
  return new Parser(text).document();
}

/** The members of a loose JSON object; a `Refusal` if the text is something else. */
export function parseLooseObject(text: string): LooseObject {
  const value = parseLooseJson(text);
  if (isLooseObject(value)) return value;
  throw new Refusal('bad_request', 'JSON: an object was expected here');
}

export function isLooseObject(value: LooseValue | undefined): value is LooseObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether plain JSON parsing lost nothing: no number may be an integer whose digits were rounded, nothing lies too deep. */
function isExact(value: LooseValue, depth: number): boolean {
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= LOOSE_JSON_DEPTH_MAX) return false;
  for (const key in value) if (!isExact((value as LooseObject)[key] as LooseValue, depth + 1)) return false;
  return true;
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): LooseValue {
    const value = this.#value(0);
    this.#skip();
    if (this.#at < this.#text.length) this.#refuse('nothing more was expected');
    return value;
  }

  #value(depth: number): LooseValue {
    this.#skip();
    const char = this.#text[this.#at];
    if (char === '{' || char === '[') {
      if (depth >= LOOSE_JSON_DEPTH_MAX) this.#refuse(`values lie more than ${LOOSE_JSON_DEPTH_MAX} deep`);
      this.#at++;
      return char === '{' ? this.#object(depth + 1) : this.#list(depth + 1);
    }
    if (char === '"') return this.#string();
    for (const word in WORDS) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return WORDS[word] as LooseValue;
    }
    return this.#number();
  }

  #object(depth: number): LooseValue {
    const object: Record<string, LooseValue> = {};
    if (this.#take('}')) return object;
    do {
      this.#skip();
      if (this.#text[this.#at] !== '"') this.#refuse('a key in quotes was expected');
      const key = this.#string();
      if (!this.#take(':')) this.#refuse('a colon was expected');
      const value = this.#value(depth);
      if (key === '__proto__')
        Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
      else object[key] = value;
    } while (this.#take(','));
    if (!this.#take('}')) this.#refuse('a comma or } was expected');
    return object;
  }

  #list(depth: number): LooseValue {
    const list: LooseValue[] = [];
    if (this.#take(']')) return list;
    do list.push(this.#value(depth));
    while (this.#take(','));
    if (!this.#take(']')) this.#refuse('a comma or ] was expected');
    return list;
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    for (;;) {
      PLAIN_TEXT.lastIndex = end;
      PLAIN_TEXT.test(this.#text);
      end = PLAIN_TEXT.lastIndex;
      if (this.#text[end] === '"') break;
      if (this.#text[end] !== '\\') this.#refuse('a text that ends was expected');
      end += 2;
    }
    this.#at = end + 1;
    const raw = this.#text.slice(start, this.#at);
    try {
      return raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1);
    } catch {
      this.#at = start;
      return this.#refuse('this text holds an escape that JSON does not know');
    }
  }

  #number(): LooseValue {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) return this.#refuse('a value was expected');
    this.#at = NUMBER.lastIndex;
    const value = Number(match[0]);
    const integer = match[1] === undefined && match[2] === undefined && Number.isFinite(value);
    return integer && !Number.isSafeInteger(value) ? BigInt(match[0]) : value;
  }

  #take(char: string): boolean {
    this.#skip();
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #skip(): void {
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #refuse(what: string): never {
    throw new Refusal('bad_request', `JSON: ${what} at character ${Math.min(this.#at, this.#text.length)}`);
  }
}
