import { malformed } from './malformed.ts';

/**
 * Reading JSON as W&B writes it, straight from UTF-8 bytes: bare `NaN`, `Infinity` and `-Infinity` are values.
 *
 * `escaped` is 0 for plain text and 1 for text that lies inside a JSON string and holds no escape but `\"`: there each
 * quote takes two bytes. Text with other escapes cannot be read in place; then the answer is `NOT_IN_PLACE`.
 */
export type Escaped = 0 | 1;
export const NOT_IN_PLACE = -1;

/** As deep as Python can write: a row that is refused would cost a client its whole stream. */
const DEPTH_MAX = 1_024;
const decoder = new TextDecoder();

export function skipSpace(bytes: Uint8Array, at: number): number {
  let byte = bytes[at];
  while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++at];
  return at;
}

/** The offset behind the string that begins (with its quote) at `at`. */
export function skipString(bytes: Uint8Array, at: number, escaped: Escaped): number {
  const end = bytes.length;
  at += escaped;
  if (bytes[at] !== 0x22) throw malformed('a string was expected', at);
  at++;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte === 0x22) {
      if (escaped === 1) throw malformed('a line ends inside a string', at);
      return at + 1;
    }
    if (byte < 0x20) throw malformed('a control character in a string', at);
    if (byte !== 0x5c) {
      at++;
    } else if (escaped === 1) {
      return bytes[at + 1] === 0x22 ? at + 2 : NOT_IN_PLACE;
    } else {
      at = skipEscape(bytes, at);
    }
  }
  throw malformed('the body ends inside a string', at);
}

function skipEscape(bytes: Uint8Array, at: number): number {
  const kind = bytes[at + 1];
  if (kind === undefined || !'"\\/bfnrtu'.includes(String.fromCharCode(kind))) throw malformed('an unknown escape', at);
  if (kind !== 0x75) return at + 2;
  for (let i = at + 2; i < at + 6; i++) if (!isHex(bytes[i])) throw malformed('an unknown escape', at);
  return at + 6;
}

function isHex(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lower = byte | 0x20;
  return (byte >= 0x30 && byte <= 0x39) || (lower >= 0x61 && lower <= 0x66);
}

/** The offset behind the value that begins at `at`, which is checked as it is passed. */
export function skipValue(bytes: Uint8Array, at: number, escaped: Escaped, depth = 0): number {
  const byte = bytes[at];
  switch (byte) {
    case 0x7b:
    case 0x5b:
      if (depth >= DEPTH_MAX) throw malformed(`nested deeper than ${DEPTH_MAX} levels`, at);
      return skipItems(bytes, at, escaped, depth, byte === 0x7b);
    case 0x22:
    case 0x5c:
      return skipString(bytes, at, escaped);
    case 0x74:
      return skipWord(bytes, at, 'true');
    case 0x66:
      return skipWord(bytes, at, 'false');
    case 0x6e:
      return skipWord(bytes, at, 'null');
    case 0x4e:
      return skipWord(bytes, at, 'NaN');
    case 0x49:
      return skipWord(bytes, at, 'Infinity');
    default:
      return skipNumber(bytes, at);
  }
}

function skipItems(bytes: Uint8Array, at: number, escaped: Escaped, depth: number, keyed: boolean): number {
  const close = keyed ? 0x7d : 0x5d;
  at = skipSpace(bytes, at + 1);
  if (bytes[at] === close) return at + 1;
  for (;;) {
    if (keyed) {
      at = skipString(bytes, at, escaped);
      if (at < 0) return at;
      at = skipSpace(bytes, at);
      if (bytes[at] !== 0x3a) throw malformed('a colon was expected', at);
      at = skipSpace(bytes, at + 1);
    }
    at = skipValue(bytes, at, escaped, depth + 1);
    if (at < 0) return at;
    at = skipSpace(bytes, at);
    if (bytes[at] === close) return at + 1;
    if (bytes[at] !== 0x2c) throw malformed('a comma or the end of a list or object was expected', at);
    at = skipSpace(bytes, at + 1);
  }
}

/** The offset behind `word`, which must stand at `at`. */
export function skipWord(bytes: Uint8Array, at: number, word: string): number {
  for (let i = 0; i < word.length; i++) {
    if (bytes[at + i] !== word.charCodeAt(i)) throw malformed('a value was expected', at);
  }
  return at + word.length;
}

function skipNumber(bytes: Uint8Array, at: number): number {
  const start = at;
  if (bytes[at] === 0x2d) at++;
  if (bytes[at] === 0x49) return skipWord(bytes, at, 'Infinity');
  const first = at;
  at = skipDigits(bytes, at);
  if (at === first) throw malformed('a value was expected', start);
  if (bytes[first] === 0x30 && at > first + 1) throw malformed('a number begins with 0', start);
  if (bytes[at] === 0x2e) at = skipSomeDigits(bytes, at + 1);
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    at++;
    if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++;
    at = skipSomeDigits(bytes, at);
  }
  return at;
}

function skipSomeDigits(bytes: Uint8Array, at: number): number {
  const end = skipDigits(bytes, at);
  if (end === at) throw malformed('a digit was expected', at);
  return end;
}

function skipDigits(bytes: Uint8Array, at: number): number {
  let byte = bytes[at];
  while (byte !== undefined && byte >= 0x30 && byte <= 0x39) byte = bytes[++at];
  return at;
}

/** The string whose token, quotes included, is `bytes[start, end)` in plain text. The token has been checked. */
export function stringAt(bytes: Uint8Array, start: number, end: number): string {
  return JSON.parse(decoder.decode(bytes.subarray(start, end))) as string;
}

/** The text of `bytes[start, end)`; what is not UTF-8 becomes U+FFFD. */
export function textAt(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}
