import { decimalToDouble } from './decimal.ts';
import { type KeyTable } from './key-table.ts';
import { lastOfEachKey } from './last-of-each-key.ts';
import { type Escaped, NOT_IN_PLACE, skipSpace, skipString, skipValue, stringAt } from './loose-json-bytes.ts';
import { malformed } from './malformed.ts';
import { type ScannedRows, type ScannedValues, transpose } from './scanned-rows.ts';

const DUPLICATE = -2;
/** Objects are taken apart to this depth; deeper ones are kept whole. */
const FLATTEN_MAX = 8;
const SERIAL_MAX = 2 ** 31 - 1;
/** Buffers above this many values are given back after a body. */
const KEPT_VALUES = 1 << 20;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Scans rows (JSON objects) into columns. Nested objects are taken apart into leaves with a path each; an object with a
 * `_type` (media, histograms) is one value. No object is made per row, and a string only for what is not a number.
 */
export class RowScanner {
  readonly #table: KeyTable;
  #bytes: Uint8Array = new Uint8Array(0);
  #escaped: Escaped = 0;
  #keys = new Int32Array(4_096);
  #values = new Float64Array(4_096);
  #used = 0;
  #rowStarts: number[] = [0];
  #rest: ScannedValues['rest'][number][] = [];
  /** By key: the row that held it last, counted over the scanner's whole life. Finds keys that a row has twice. */
  #seen = new Int32Array(512);
  #serial = 0;

  constructor(table: KeyTable) {
    this.#table = table;
  }

  /** Scans the row in the JSON string that begins (with its quote) at `at`; returns the offset behind it. */
  row(bytes: Uint8Array, at: number): number {
    if (bytes[at] !== 0x22) throw malformed('a line must be a string', at);
    let end = this.#inPlace(bytes, at + 1);
    if (end < 0) {
      end = skipString(bytes, at, 0);
      this.#rowApart(stringAt(bytes, at, end), at);
    }
    this.#rowStarts.push(this.#used);
    return end;
  }

  /** The offset behind the string, or a negative number when the row cannot be scanned where it stands. */
  #inPlace(bytes: Uint8Array, at: number): number {
    const used = this.#used;
    const rests = this.#rest.length;
    try {
      const end = this.#scan(bytes, at, 1);
      if (end < 0 || bytes[end] === 0x22) return end < 0 ? end : end + 1;
    } catch {
      // An escape where none was expected, or a row that is malformed: the plain text tells which.
    }
    this.#used = used;
    this.#rest.length = rests;
    return NOT_IN_PLACE;
  }

  /** The rows scanned since the last call. */
  take(): ScannedRows {
    const scanned: ScannedValues = {
      rows: this.#rowStarts.length - 1,
      rowStarts: this.#rowStarts,
      keys: this.#keys,
      values: this.#values,
      rest: this.#rest,
    };
    const rows = transpose(scanned, this.#table.size, (key) => this.#table.path(key));
    this.drop();
    return rows;
  }

  /** Forgets the rows scanned since the last `take`. */
  drop(): void {
    this.#used = 0;
    this.#rowStarts = [0];
    this.#rest = [];
    this.#bytes = new Uint8Array(0);
    if (this.#values.length <= KEPT_VALUES) return;
    this.#keys = new Int32Array(4_096);
    this.#values = new Float64Array(4_096);
  }

  /** A line that cannot be read in place: it holds escapes, or a key twice (the last counts). */
  #rowApart(line: string, at: number): void {
    let text = encoder.encode(line);
    let end = this.#scan(text, 0, 0);
    if (end === DUPLICATE) {
      text = encoder.encode(lastOfEachKey(text));
      end = this.#scan(text, 0, 0);
    }
    if (end !== text.length) throw malformed('a line must hold one object and nothing else', at);
  }

  /** Scans one object; returns the offset behind it and the space after it, or why it cannot be done so. */
  #scan(bytes: Uint8Array, at: number, escaped: Escaped): number {
    const used = this.#used;
    const rests = this.#rest.length;
    this.#bytes = bytes;
    this.#escaped = escaped;
    if (++this.#serial === SERIAL_MAX) {
      this.#serial = 1;
      this.#seen.fill(0);
    }
    at = skipSpace(bytes, at);
    if (escaped === 1 && bytes[at] === 0x5c) return NOT_IN_PLACE;
    if (bytes[at] !== 0x7b) throw malformed('a line must hold one object', at);
    const end = this.#object(at, 0, 0);
    if (end >= 0) return skipSpace(bytes, end);
    this.#used = used;
    this.#rest.length = rests;
    return end;
  }

  #object(at: number, parent: number, depth: number): number {
    const bytes = this.#bytes;
    const escaped = this.#escaped;
    const size = bytes.length;
    const table = this.#table;
    const basis = table.hashBasis(parent);
    const serial = this.#serial;
    at = skipSpace(bytes, at + 1);
    if (bytes[at] === 0x7d) return at + 1;
    for (;;) {
      // The key. In place, its end is found while it is hashed.
      const quote = at;
      if (bytes[at + escaped] !== 0x22 || (escaped === 1 && bytes[at] !== 0x5c)) {
        if (escaped === 1 && bytes[at] === 0x5c) return NOT_IN_PLACE;
        throw malformed('a key was expected', at);
      }
      at += 1 + escaped;
      const start = at;
      let hash = basis;
      let byte = 0;
      for (; at < size; at++) {
        byte = bytes[at] as number;
        if (byte === 0x22 || byte === 0x5c) break;
        if (byte < 0x20) throw malformed('a control character in a key', at);
        hash = Math.imul(hash ^ byte, 0x01000193);
      }
      let key: number;
      if (byte === 0x5c && escaped === 0) {
        at = skipString(bytes, quote, 0);
        key = this.#internText(parent, stringAt(bytes, quote, at));
      } else {
        if (escaped === 1 && (byte !== 0x5c || bytes[at + 1] !== 0x22)) {
          if (byte === 0x5c) return NOT_IN_PLACE;
          throw malformed('a line ends inside a key', at);
        }
        if (at >= size) throw malformed('the body ends inside a key', at);
        key = table.intern(parent, bytes, start, at, hash);
        at += 1 + escaped;
      }
      if (key >= this.#seen.length) this.#growSeen();
      if (this.#seen[key] === serial) return DUPLICATE;
      this.#seen[key] = serial;

      if ((bytes[at] as number) <= 0x20) at = skipSpace(bytes, at);
      if (bytes[at] !== 0x3a) throw malformed('a colon was expected', at);
      at++;
      if ((bytes[at] as number) <= 0x20) at = skipSpace(bytes, at);

      byte = bytes[at] as number;
      if ((byte >= 0x30 && byte <= 0x39) || byte === 0x2d) at = this.#number(at, key);
      else at = this.#other(at, key, depth);
      if (at < 0) return at;

      if ((bytes[at] as number) <= 0x20) at = skipSpace(bytes, at);
      byte = bytes[at] as number;
      if (byte === 0x7d) return at + 1;
      if (byte !== 0x2c) {
        if (byte === 0x5c && escaped === 1) return NOT_IN_PLACE;
        throw malformed('a comma or the end of the object was expected', at);
      }
      at++;
      if ((bytes[at] as number) <= 0x20) at = skipSpace(bytes, at);
    }
  }

  /** A number at `at`: up to 19 significant digits are gathered as two exact integers, then scaled once. */
  #number(at: number, key: number): number {
    const bytes = this.#bytes;
    const start = at;
    let byte = bytes[at] as number;
    const negative = byte === 0x2d;
    if (negative) byte = bytes[++at] as number;
    if (byte === 0x49) return this.#word(at, 'Infinity', key, negative ? -Infinity : Infinity);
    const first = at;
    let head = 0;
    let tail = 0;
    let headDigits = 0;
    let tailDigits = 0;
    let exponent = 0;
    let point = -1;
    for (;;) {
      if (byte >= 0x30 && byte <= 0x39) {
        if (headDigits < 15) {
          head = head * 10 + (byte - 0x30);
          if (head !== 0) headDigits++;
        } else {
          if (tailDigits < 4) tail = tail * 10 + (byte - 0x30);
          tailDigits++;
        }
      } else if (byte === 0x2e && point < 0) {
        point = at;
      } else {
        break;
      }
      byte = bytes[++at] as number;
    }
    const digitsEnd = at;
    if (point >= 0) exponent = point + 1 - digitsEnd;
    const wholeEnd = point < 0 ? digitsEnd : point;
    if (wholeEnd === first || point === digitsEnd - 1) throw malformed('a digit was expected', start);
    if (bytes[first] === 0x30 && wholeEnd > first + 1) throw malformed('a number begins with 0', start);
    let scientific = false;
    if (byte === 0x65 || byte === 0x45) {
      scientific = true;
      byte = bytes[++at] as number;
      const down = byte === 0x2d;
      if (down || byte === 0x2b) byte = bytes[++at] as number;
      let written = 0;
      const from = at;
      while (byte >= 0x30 && byte <= 0x39) {
        if (written < 100_000) written = written * 10 + (byte - 0x30);
        byte = bytes[++at] as number;
      }
      if (at === from) throw malformed('a digit was expected', at);
      exponent += down ? -written : written;
    }
    let value = tailDigits <= 4 ? decimalToDouble(head, tail, tailDigits, exponent) : NaN;
    if (value !== value) value = Number(decoder.decode(bytes.subarray(start, at)));
    else if (negative) value = -value;
    this.#push(key, value);
    if (
      tailDigits > 0 &&
      point < 0 &&
      !scientific &&
      (value > Number.MAX_SAFE_INTEGER || value < -Number.MAX_SAFE_INTEGER)
    ) {
      this.#keep(key, start, at);
    }
    return at;
  }

  #word(at: number, word: string, key: number, value: number): number {
    for (let i = 0; i < word.length; i++) {
      if (this.#bytes[at + i] !== word.charCodeAt(i)) throw malformed('a value was expected', at);
    }
    this.#push(key, value);
    return at + word.length;
  }

  /** Whatever is no finite number. */
  #other(at: number, key: number, depth: number): number {
    const bytes = this.#bytes;
    const byte = bytes[at];
    if (byte === 0x4e) return this.#word(at, 'NaN', key, NaN);
    if (byte === 0x49) return this.#word(at, 'Infinity', key, Infinity);
    if (byte === 0x7b && depth < FLATTEN_MAX) {
      const whole = this.#isWhole(at);
      if (whole < 0) return whole;
      if (whole === 0) return this.#object(at, key, depth + 1);
    }
    const end = skipValue(bytes, at, this.#escaped);
    if (end >= 0) this.#keep(key, at, end);
    return end;
  }

  /** 1 for an object that is one value: empty, or with a `_type`; 0 for one to be taken apart. */
  #isWhole(at: number): number {
    const bytes = this.#bytes;
    const escaped = this.#escaped;
    at = skipSpace(bytes, at + 1);
    if (bytes[at] === 0x7d) return 1;
    for (;;) {
      const start = at + 1 + escaped;
      at = skipString(bytes, at, escaped);
      if (at < 0) return at;
      if (at - start === 6 + escaped && isTypeKey(bytes, start)) return 1;
      at = skipSpace(bytes, at);
      if (bytes[at] !== 0x3a) throw malformed('a colon was expected', at);
      at = skipValue(bytes, skipSpace(bytes, at + 1), escaped);
      if (at < 0) return at;
      at = skipSpace(bytes, at);
      if (bytes[at] !== 0x2c) return 0;
      at = skipSpace(bytes, at + 1);
    }
  }

  #push(key: number, value: number): void {
    if (this.#used === this.#keys.length) {
      const keys = new Int32Array(this.#used * 2);
      keys.set(this.#keys);
      this.#keys = keys;
      const values = new Float64Array(this.#used * 2);
      values.set(this.#values);
      this.#values = values;
    }
    this.#keys[this.#used] = key;
    this.#values[this.#used++] = value;
  }

  /** Keeps the text of a value; in place its only escapes are those of quotes. */
  #keep(key: number, start: number, end: number): void {
    const row = this.#rowStarts.length - 1;
    const there = this.#bytes.subarray(start, end);
    this.#rest.push({ key, row, text: this.#escaped === 1 ? withoutEscapes(there) : there });
  }

  #internText(parent: number, name: string): number {
    const bytes = encoder.encode(name);
    let hash = this.#table.hashBasis(parent);
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
    return this.#table.intern(parent, bytes, 0, bytes.length, hash);
  }

  #growSeen(): void {
    const seen = new Int32Array(this.#table.size * 2);
    seen.set(this.#seen);
    this.#seen = seen;
  }
}

function isTypeKey(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < 5; i++) if (bytes[at + i] !== '_type'.charCodeAt(i)) return false;
  return true;
}

function withoutEscapes(text: Uint8Array): Uint8Array {
  const plain = new Uint8Array(text.length);
  let size = 0;
  for (let i = 0; i < text.length; i++) if (text[i] !== 0x5c) plain[size++] = text[i] as number;
  return plain.subarray(0, size);
}
