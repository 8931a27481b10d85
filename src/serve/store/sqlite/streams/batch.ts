/** Rows of a segment: 16^3, so that it is the third level of a pyramid of sixteens. */
export const SEGMENT_ROWS = 4_096;

/** Rows of one stream in columns. A row is in `rest` for what a double does not hold; it is never twice in a column. */
export interface Batch {
  readonly rows: number;
  readonly numbers: readonly NumberColumn[];
  readonly rest: readonly RestColumn[];
}

export interface NumberColumn {
  /** `key.id`. */
  readonly key: number;
  /** The rows that hold the key, ascending from 0; null when all do. */
  readonly rows: Uint32Array | null;
  readonly values: Float64Array;
}

/**
 * UTF-8 JSON text of values that are not numbers. Where it is the digits of an integer, it is the exact form of the
 * number of the same key and row. Text i is `texts[ends[i - 1], ends[i])`.
 */
export interface RestColumn {
  readonly key: number;
  readonly rows: Uint32Array;
  readonly texts: Uint8Array;
  readonly ends: Uint32Array;
}

/** Rows `from` (inclusive) to `to` (exclusive) of a batch; shares its memory. Columns without such a row are left out. */
export function sliceBatch(batch: Batch, from: number, to: number): Batch {
  if (from === 0 && to === batch.rows) return batch;
  const numbers: NumberColumn[] = [];
  for (const { key, rows, values } of batch.numbers) {
    if (rows === null) {
      numbers.push({ key, rows: null, values: values.subarray(from, to) });
      continue;
    }
    const start = firstAtLeast(rows, from);
    const end = firstAtLeast(rows, to);
    if (end > start)
      numbers.push(numberColumn(key, shifted(rows, start, end, -from), values.subarray(start, end), to - from));
  }
  const rest: RestColumn[] = [];
  for (const { key, rows, texts, ends } of batch.rest) {
    const start = firstAtLeast(rows, from);
    const end = firstAtLeast(rows, to);
    if (end === start) continue;
    const begin = start === 0 ? 0 : (ends[start - 1] as number);
    rest.push({
      key,
      rows: shifted(rows, start, end, -from),
      texts: texts.subarray(begin, ends[end - 1]),
      ends: shifted(ends, start, end, -begin),
    });
  }
  return { rows: to - from, numbers, rest };
}

/** One batch of all rows of `parts`, in order. Always a copy. */
export function joinBatches(parts: readonly Batch[]): Batch {
  const total = parts.reduce((sum, part) => sum + part.rows, 0);
  return { rows: total, numbers: joinNumbers(parts, total), rest: joinRest(parts) };
}

function joinNumbers(parts: readonly Batch[], total: number): NumberColumn[] {
  const counts = new Map<number, number>();
  for (const part of parts) {
    for (const { key, values } of part.numbers) counts.set(key, (counts.get(key) ?? 0) + values.length);
  }
  const made = new Map<number, { rows: Uint32Array | null; values: Float64Array; used: number }>();
  for (const [key, count] of counts) {
    const rows = count === total ? null : new Uint32Array(count);
    made.set(key, { rows, values: new Float64Array(count), used: 0 });
  }
  let row0 = 0;
  for (const part of parts) {
    for (const { key, rows, values } of part.numbers) {
      const to = made.get(key);
      if (to === undefined) continue;
      placeValues(to.values, to.used, values);
      if (to.rows !== null) placeRows(to.rows, to.used, rows, row0, values.length);
      to.used += values.length;
    }
    row0 += part.rows;
  }
  return Array.from(made, ([key, { rows, values }]) => ({ key, rows, values }));
}

function joinRest(parts: readonly Batch[]): RestColumn[] {
  const sizes = new Map<number, { count: number; bytes: number }>();
  for (const part of parts) {
    for (const { key, rows, texts } of part.rest) {
      const size = sizes.get(key);
      if (size === undefined) sizes.set(key, { count: rows.length, bytes: texts.length });
      else {
        size.count += rows.length;
        size.bytes += texts.length;
      }
    }
  }
  if (sizes.size === 0) return [];
  const made = new Map<number, RestColumn & { count: number; used: number }>();
  for (const [key, { count, bytes }] of sizes) {
    const column = { key, rows: new Uint32Array(count), texts: new Uint8Array(bytes), ends: new Uint32Array(count) };
    made.set(key, { ...column, count: 0, used: 0 });
  }
  let row0 = 0;
  for (const part of parts) {
    for (const { key, rows, texts, ends } of part.rest) {
      const to = made.get(key);
      if (to === undefined) continue;
      to.texts.set(texts, to.used);
      for (let i = 0; i < rows.length; i++) {
        to.rows[to.count] = row0 + (rows[i] as number);
        to.ends[to.count++] = to.used + (ends[i] as number);
      }
      to.used += texts.length;
    }
    row0 += part.rows;
  }
  return Array.from(made.values(), ({ key, rows, texts, ends }) => ({ key, rows, texts, ends }));
}

/** Like `to.set(values, at)`, which costs more than a loop for a few values. */
export function placeValues(to: Float64Array, at: number, values: Float64Array): void {
  if (values.length > 16) to.set(values, at);
  else for (let i = 0; i < values.length; i++) to[at + i] = values[i] as number;
}

function placeRows(to: Uint32Array, at: number, rows: Uint32Array | null, row0: number, count: number): void {
  if (rows === null) for (let i = 0; i < count; i++) to[at + i] = row0 + i;
  else for (let i = 0; i < count; i++) to[at + i] = row0 + (rows[i] as number);
}

function numberColumn(key: number, rows: Uint32Array, values: Float64Array, total: number): NumberColumn {
  return { key, rows: rows.length === total ? null : rows, values };
}

function shifted(from: Uint32Array, start: number, end: number, by: number): Uint32Array {
  const to = from.slice(start, end);
  if (by !== 0) for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + by;
  return to;
}

/** Index of the first element that is at least `value` in an ascending list; its length if there is none. */
export function firstAtLeast(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
