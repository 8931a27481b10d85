/** The rows of one file of a body, in columns. No row has a key twice. */
export interface ScannedRows {
  readonly rows: number;
  readonly numbers: readonly ScannedNumbers[];
  readonly rest: readonly ScannedRest[];
}

/** The numbers of one key, by ascending row. `path` is a JSON list of names: `["sub","x"]`. */
export interface ScannedNumbers {
  readonly path: string;
  /** The rows that hold the key, from 0; null when all do. */
  readonly rows: Uint32Array | null;
  readonly values: Float64Array;
}

/**
 * Values of one key that a double does not hold, as UTF-8 JSON text: strings, booleans, null, lists, objects that are
 * kept whole (media, empty ones), and the digits of integers beyond 2^53, whose nearest double is in the numbers as well.
 * Text i is `texts[ends[i - 1], ends[i])`.
 */
export interface ScannedRest {
  readonly path: string;
  readonly rows: Uint32Array;
  readonly texts: Uint8Array;
  readonly ends: Uint32Array;
}

/** What was met while scanning, in the order of the text: the values of row after row, each with the number of its key. */
export interface ScannedValues {
  readonly rows: number;
  /** Index of the first number of each row, and behind the last. */
  readonly rowStarts: ArrayLike<number>;
  readonly keys: Int32Array;
  readonly values: Float64Array;
  readonly rest: readonly { readonly key: number; readonly row: number; readonly text: Uint8Array }[];
}

/** Turns values by row into values by key. `path` names a key; `keysEnd` is above all their numbers. */
export function transpose(scanned: ScannedValues, keysEnd: number, path: (key: number) => string): ScannedRows {
  const { rows, rowStarts, keys, values } = scanned;
  const total = rowStarts[rows] as number;
  const counts = new Int32Array(keysEnd);
  const met: number[] = [];
  for (let i = 0; i < total; i++) {
    const key = keys[i] as number;
    if (counts[key] === 0) met.push(key);
    (counts[key] as number)++;
  }

  const column = new Float64Array(total);
  const at = new Int32Array(keysEnd);
  let used = 0;
  let sparse = false;
  for (const key of met) {
    at[key] = used;
    used += counts[key] as number;
    if (counts[key] !== rows) sparse = true;
  }
  const rowOf = sparse ? new Uint32Array(total) : null;
  for (let row = 0, i = 0; row < rows; row++) {
    const end = rowStarts[row + 1] as number;
    for (; i < end; i++) {
      const to = (at[keys[i] as number] as number)++;
      column[to] = values[i] as number;
      if (rowOf !== null) rowOf[to] = row;
    }
  }

  const numbers = met.map((key): ScannedNumbers => {
    const end = at[key] as number;
    const start = end - (counts[key] as number);
    const all = end - start === rows;
    return {
      path: path(key),
      rows: all || rowOf === null ? null : rowOf.subarray(start, end),
      values: column.subarray(start, end),
    };
  });
  return { rows, numbers, rest: restByKey(scanned, path) };
}

function restByKey({ rest }: ScannedValues, path: (key: number) => string): ScannedRest[] {
  const byKey = new Map<number, { row: number; text: Uint8Array }[]>();
  for (const item of rest) {
    const items = byKey.get(item.key);
    if (items === undefined) byKey.set(item.key, [item]);
    else items.push(item);
  }
  return Array.from(byKey, ([key, items]) => {
    const ends = new Uint32Array(items.length);
    let size = 0;
    items.forEach(({ text }, i) => (ends[i] = size += text.length));
    const texts = new Uint8Array(size);
    items.forEach(({ text }, i) => texts.set(text, (ends[i] as number) - text.length));
    return { path: path(key), rows: Uint32Array.from(items, ({ row }) => row), texts, ends };
  });
}
