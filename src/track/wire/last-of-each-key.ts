import { skipSpace, skipString, skipValue, stringAt, textAt } from './loose-json-bytes.ts';

/**
 * The object in `bytes` as text in which no object has a key twice: of equal keys the last counts, as JSON parsers have
 * it. Objects inside lists stay as they are. Malformed text is refused.
 */
export function lastOfEachKey(bytes: Uint8Array): string {
  const start = skipSpace(bytes, 0);
  const end = skipValue(bytes, start, 0); // checks all of it, depth included
  return object(bytes, start).text + textAt(bytes, end, bytes.length);
}

function object(bytes: Uint8Array, at: number): { text: string; end: number } {
  const members = new Map<string, string>();
  at = skipSpace(bytes, at + 1);
  while (bytes[at] !== 0x7d) {
    const keyEnd = skipString(bytes, at, 0);
    const key = stringAt(bytes, at, keyEnd).toWellFormed();
    at = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1);
    if (bytes[at] === 0x7b) {
      const inner = object(bytes, at);
      members.set(key, inner.text);
      at = inner.end;
    } else {
      const end = skipValue(bytes, at, 0);
      members.set(key, textAt(bytes, at, end));
      at = end;
    }
    at = skipSpace(bytes, at);
    if (bytes[at] === 0x2c) at = skipSpace(bytes, at + 1);
  }
  const text = Array.from(members, ([key, value]) => `${JSON.stringify(key)}:${value}`).join(',');
  return { text: `{${text}}`, end: at + 1 };
}
