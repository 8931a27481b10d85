import { outsideStrings, replaceBareWords } from './outside-strings.ts';

const NUMBER_OR_WORD = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|-?Infinity|NaN|true|false|null)$/;

/**
 * `text` if it is JSON, bare `NaN`, `Infinity` and `-Infinity` allowed; else the text itself as a JSON string. So a value
 * from a log of unknown origin never makes a whole request unreadable.
 */
export function soundJson(text: string): string {
  if (NUMBER_OR_WORD.test(text)) return text;
  try {
    JSON.parse(strictJson(text));
    return text;
  } catch {
    return JSON.stringify(text);
  }
}

/** The value of JSON text that may hold bare words, which become null. Undefined for what is no JSON. */
export function parseLoosely(text: string): unknown {
  try {
    return JSON.parse(strictJson(text));
  } catch {
    return undefined;
  }
}

function strictJson(text: string): string {
  return replaceBareWords(text, () => 'null');
}

/** Deeper values, and so cycles, end as the text "…". */
const DEPTH_MAX = 16;

/**
 * Any value as JSON text: numbers that are not finite as bare words, big integers digit for digit, lists of any kind as lists,
 * maps as objects, `toJSON` obeyed; undefined for what has no value (functions, symbols, undefined). Throws what a getter of
 * the value throws.
 */
export function looseJson(value: unknown, depth = 0): string | undefined {
  switch (typeof value) {
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'string':
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : looseObject(value, depth);
    default:
      return undefined;
  }
}

function looseObject(value: object, depth: number): string | undefined {
  if (depth >= DEPTH_MAX) return '"…"';
  if ('toJSON' in value && typeof value.toJSON === 'function') return looseJson(value.toJSON(), depth + 1);
  if (Array.isArray(value) || value instanceof Set || (ArrayBuffer.isView(value) && !(value instanceof DataView))) {
    const elements = Array.from(value as Iterable<unknown>, (element) => looseJson(element, depth + 1) ?? 'null');
    return `[${elements.join(',')}]`;
  }
  const members: string[] = [];
  for (const [key, member] of value instanceof Map ? value : Object.entries(value)) {
    const json = looseJson(member, depth + 1);
    if (json !== undefined) members.push(`${JSON.stringify(String(key))}:${json}`);
  }
  return `{${members.join(',')}}`;
}

/** The number that JSON text means, NaN and infinities included; null when it is no number. */
export function jsonNumber(text: string): number | null {
  const first = text.charCodeAt(0);
  const couldBe = first === 45 || (first >= 48 && first <= 57) || text === 'NaN' || text === 'Infinity';
  if (!couldBe) return null;
  const value = Number(text);
  return Number.isNaN(value) && text !== 'NaN' ? null : value;
}

/** The members of an object given as JSON text, each value as its own text, digit for digit; none for what is no object. */
export function jsonMembers(text: string): [key: string, json: string][] {
  const value = parseLoosely(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const members: [string, string][] = [];
  // The text is sound, so a walk that knows strings and brackets is enough.
  let depth = 0;
  let start = 0;
  let key = '';
  for (const { 0: token, index } of outsideStrings(text, /["{}[\],:]/)) {
    if (token === '{' || token === '[') {
      if (++depth === 1) start = index + 1;
    } else if (token === '}' || token === ']' || token === ',') {
      const isEnd = depth === 1;
      if (token !== ',') depth--;
      if (isEnd && key !== '') members.push([key.slice(1), text.slice(start, index).trim()]);
      if (isEnd) {
        key = '';
        start = index + 1;
      }
    } else if (token === ':' && depth === 1) {
      key = `=${JSON.parse(text.slice(start, index)) as string}`;
      start = index + 1;
    }
  }
  return members;
}
