import { looseJson, parseLoosely } from '../wire/json-text.ts';

/** A value of the program as JSON text (bare NaN and infinities, big integers digit for digit); undefined for what has none. */
export function looseText(value: unknown): string | undefined {
  return looseJson(value);
}

/** The value of such text, with null for NaN and infinities; undefined for no text, or text that is no JSON. */
export function parsedText(text: string | undefined): unknown {
  return text === undefined ? undefined : parseLoosely(text);
}
