import {
  headLength,
  joinNumbers,
  type NumberColumn,
  planesOf,
  splitNumbers,
  splitQuickly,
} from '../../core/base/number-column.ts';

/**
 * A column of doubles on the wire. Little-endian; `n` is the column's length, known to the reader.
 *
 *     u8 form
 *       0 equal      u8 number of the earlier column of the same series that it equals
 *       1 line       f64 first, f64 step, f64 last    value i is first + i * step, but the last stands for itself
 *       2 numbers    f64 last, the head of `core/base/number-column.ts` for n - 1 numbers, u8 mask, then for each plane:
 *                    one byte if the mask's bit is set (all are that byte), else the plane
 *
 * The last number stands apart because the last bucket of a series is seldom whole.
 */
export const FORM = { equal: 0, line: 1, numbers: 2 } as const;

/** Whether a column is drawn from noise, on which looking for a better form is wasted. */
export type Kind = 'noise' | 'regular';

/** Writes a column of at least one number. */
export function encodeWireColumn(values: Float64Array, kind: Kind): Uint8Array {
  const last = values.length - 1;
  const step = last < 2 ? 0 : (values[1] as number) - (values[0] as number);
  if (isLine(values, last, step)) {
    const bytes = new Uint8Array(25);
    const view = new DataView(bytes.buffer);
    bytes[0] = FORM.line;
    view.setFloat64(1, values[0] as number, true);
    view.setFloat64(9, step, true);
    view.setFloat64(17, values[last] as number, true);
    return bytes;
  }
  const body = values.subarray(0, last);
  return encodeNumbers(kind === 'noise' ? splitQuickly(body) : splitNumbers(body), last, values[last] as number);
}

function isLine(values: Float64Array, last: number, step: number): boolean {
  const first = values[0] as number;
  for (let i = 0; i < last; i++) if (!Object.is(values[i], first + i * step)) return false;
  return true;
}

function encodeNumbers({ head, planes, width }: NumberColumn, numbers: number, last: number): Uint8Array {
  const bytes = new Uint8Array(9 + head.length + 1 + planes.length);
  bytes[0] = FORM.numbers;
  new DataView(bytes.buffer).setFloat64(1, last, true);
  bytes.set(head, 9);
  const maskAt = 9 + head.length;
  let at = maskAt + 1;
  const count = width === 0 ? numbers : planes.length / width;
  for (let plane = 0; plane < width; plane++) {
    const body = planes.subarray(plane * count, (plane + 1) * count);
    if (body.every((byte) => byte === body[0])) {
      bytes[maskAt] = (bytes[maskAt] as number) | (1 << plane);
      bytes[at++] = body[0] ?? 0;
    } else {
      bytes.set(body, at);
      at += count;
    }
  }
  return bytes.subarray(0, at);
}

/** Where a reader of the wire stands. */
export interface Cursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
}

/** Moves the cursor over `length` bytes and says where they began. Throws `RangeError` when there are fewer. */
export function skip(cursor: Cursor, length: number): number {
  const { at } = cursor;
  if (at + length > cursor.bytes.length) throw new RangeError('the series end too early; ask again');
  cursor.at += length;
  return at;
}

/** Reads a column of `length` numbers, at least one. `earlier` are the columns before it. Throws `RangeError` on damage. */
export function decodeWireColumn(cursor: Cursor, length: number, earlier: readonly Float64Array[]): Float64Array {
  const { bytes, view } = cursor;
  const form = bytes[skip(cursor, 1)];
  if (form === FORM.equal) {
    const equal = earlier[bytes[skip(cursor, 1)] as number];
    if (equal === undefined) throw new RangeError('a series names a column that it does not have; ask again');
    return equal;
  }
  const values = new Float64Array(length);
  if (form === FORM.line) {
    const first = view.getFloat64(skip(cursor, 8), true);
    const step = view.getFloat64(skip(cursor, 8), true);
    for (let i = 0; i < length - 1; i++) values[i] = first + i * step;
    values[length - 1] = view.getFloat64(skip(cursor, 8), true);
    return values;
  }
  if (form !== FORM.numbers) throw new RangeError(`a series has a column of the unknown form ${form}; reload the page`);
  values[length - 1] = view.getFloat64(skip(cursor, 8), true);
  values.set(decodeNumbers(cursor, length - 1));
  return values;
}

function decodeNumbers(cursor: Cursor, length: number): Float64Array {
  const headAt = skip(cursor, headLength(cursor.bytes, cursor.at));
  const head = cursor.bytes.subarray(headAt, cursor.at);
  const mask = cursor.bytes[skip(cursor, 1)] as number;
  const { width, count } = planesOf(head, length);
  const planes = new Uint8Array(width * count);
  for (let plane = 0; plane < width; plane++) {
    const constant = ((mask >> plane) & 1) === 1;
    const from = skip(cursor, constant ? 1 : count);
    const at = plane * count;
    if (constant) planes.fill(cursor.bytes[from] as number, at, at + count);
    else planes.set(cursor.bytes.subarray(from, from + count), at);
  }
  return joinNumbers(head, planes, length);
}
