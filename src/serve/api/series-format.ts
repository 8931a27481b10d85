import type { SeriesColumns } from '../../core/query/series.ts';
import { type Cursor, decodeWireColumn, encodeWireColumn, FORM, type Kind, skip } from './series-column.ts';

/**
 * Series on the wire, `application/vnd.trackside.series`. Little-endian.
 *
 *     "TSS1", u32 number of series, then each:
 *       u8 0 for a run or key that is not there, else 1 and
 *       u32 length, u8 log2 of span, f64 rowEnd, f64 total, u8 whether there is a last, f64 last, f64 version,
 *       and unless the length is 0 the columns, in the order of COLUMNS, as `series-column.ts` says
 *
 * About 22 bytes a bucket: least, greatest and mean as exact doubles, and next to nothing for what is regular.
 */
const COLUMNS = ['xMin', 'xMax', 'row0', 'count', 'nan', 'inf', 'min', 'max', 'mean'] as const;
const KINDS: Readonly<Record<(typeof COLUMNS)[number], Kind>> = {
  xMin: 'regular',
  xMax: 'regular',
  row0: 'regular',
  count: 'regular',
  nan: 'regular',
  inf: 'regular',
  min: 'noise',
  max: 'noise',
  mean: 'noise',
};
const MAGIC = 0x31_53_53_54;
const HEAD_BYTES = 8;
const SERIES_BYTES = 4 + 1 + 8 + 8 + 1 + 8 + 8;
/** Of one series, and of all together: what no server sends is damage, and is not allocated for. */
const LENGTH_MAX = 16_384;
const BUCKETS_MAX = 4_000_000;

export function encodeSeries(series: readonly (SeriesColumns | null)[]): Uint8Array {
  const head = new Uint8Array(HEAD_BYTES);
  const view = new DataView(head.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, series.length, true);
  const parts = [head];
  for (const one of series) encodeOne(one, parts);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function encodeOne(series: SeriesColumns | null, parts: Uint8Array[]): void {
  if (series === null) return void parts.push(Uint8Array.of(0));
  const head = new Uint8Array(1 + SERIES_BYTES);
  const view = new DataView(head.buffer);
  view.setUint8(0, 1);
  view.setUint32(1, series.length, true);
  view.setUint8(5, Math.log2(series.span));
  view.setFloat64(6, series.rowEnd, true);
  view.setFloat64(14, series.total, true);
  view.setUint8(22, series.last === null ? 0 : 1);
  view.setFloat64(23, series.last ?? 0, true);
  view.setFloat64(31, series.version, true);
  parts.push(head);
  if (series.length === 0) return;
  COLUMNS.forEach((name, i) => {
    const values = series[name];
    const equal = COLUMNS.slice(0, i).findIndex((earlier) => areEqual(series[earlier], values));
    parts.push(equal < 0 ? encodeWireColumn(values, KINDS[name]) : Uint8Array.of(FORM.equal, equal));
  });
}

function areEqual(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

/** What `encodeSeries` was given; columns that are equal are one array. Throws `RangeError` when the bytes are damaged. */
export function decodeSeries(bytes: Uint8Array): (SeriesColumns | null)[] {
  const cursor: Cursor = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0 };
  const head = skip(cursor, HEAD_BYTES);
  if (cursor.view.getUint32(head, true) !== MAGIC)
    throw new RangeError('this is no answer with series; reload the page');
  const count = cursor.view.getUint32(head + 4, true);
  if (count > bytes.length) throw new RangeError('the series end too early; ask again');
  const series: (SeriesColumns | null)[] = [];
  let buckets = 0;
  for (let i = 0; i < count; i++) {
    const one = decodeOne(cursor);
    buckets += one?.length ?? 0;
    if (buckets > BUCKETS_MAX) throw new RangeError(`more than ${BUCKETS_MAX} buckets in one answer; ask for fewer`);
    series.push(one);
  }
  if (cursor.at !== bytes.length) throw new RangeError('something follows the series; ask again');
  return series;
}

function decodeOne(cursor: Cursor): SeriesColumns | null {
  const { bytes, view } = cursor;
  if (bytes[skip(cursor, 1)] === 0) return null;
  const at = skip(cursor, SERIES_BYTES);
  const length = view.getUint32(at, true);
  if (length > LENGTH_MAX) throw new RangeError(`a series of ${length} buckets; ask again`);
  const columns: Float64Array[] = [];
  for (const _ of COLUMNS) columns.push(length === 0 ? new Float64Array(0) : decodeWireColumn(cursor, length, columns));
  const column = (name: (typeof COLUMNS)[number]): Float64Array => columns[COLUMNS.indexOf(name)] as Float64Array;
  return {
    length,
    xMin: column('xMin'),
    xMax: column('xMax'),
    min: column('min'),
    max: column('max'),
    mean: column('mean'),
    count: column('count'),
    nan: column('nan'),
    inf: column('inf'),
    row0: column('row0'),
    span: 2 ** view.getUint8(at + 4),
    rowEnd: view.getFloat64(at + 5, true),
    total: view.getFloat64(at + 13, true),
    last: view.getUint8(at + 21) === 0 ? null : view.getFloat64(at + 22, true),
    version: view.getFloat64(at + 30, true),
  };
}
