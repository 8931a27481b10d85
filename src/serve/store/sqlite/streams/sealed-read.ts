import type { DatabaseSync } from 'node:sqlite';
import { zstdDecompressSync } from 'node:zlib';
import { must } from '../../../../core/base/assert.ts';
import { statement } from '../statements.ts';
import { type Batch, joinBatches, type NumberColumn, type RestColumn, SEGMENT_ROWS } from './batch.ts';
import { ByteReader } from './byte-reader.ts';
import { decodeColumn } from './column-codec.ts';

/** Ids of `col`: the segments of one key lie side by side. */
export const SEGMENTS_MAX = 2 ** 20;

export function columnId(key: number, segment: number): number {
  return key * SEGMENTS_MAX + segment;
}

interface Place {
  readonly stream: number;
  readonly segment: number;
  /** Rows of the segment: 4,096, or fewer in a last one. */
  readonly rowCount: number;
}

/** Where a sealed row lies, and how many rows its segment has. */
export function placeOf(stream: number, segment: number, sealedRows: number): Place {
  return { stream, segment, rowCount: Math.min(SEGMENT_ROWS, sealedRows - segment * SEGMENT_ROWS) };
}

/** The rows of a sealed segment; with `wanted`, only these keys. */
export function readSegment(db: DatabaseSync, place: Place, wanted?: ReadonlySet<number>): Batch {
  return {
    rows: place.rowCount,
    numbers: [...numberColumns(db, place, wanted)],
    rest: [...restColumns(db, place, wanted)],
  };
}

/** The numbers of a sealed segment, decoded one column or pack at a time. */
export function* numberColumns(db: DatabaseSync, place: Place, wanted?: ReadonlySet<number>): Generator<NumberColumn> {
  const { stream, segment } = place;
  const patterns = new PatternReader(db, stream, segment);
  const columnSql = `select k.id as key, c.n, c.pattern, c.body from key k join col c on c.id = k.id * ${SEGMENTS_MAX} + ?
    where k.stream = ?`;
  for (const row of columnRows(db, columnSql, place, wanted)) {
    yield { key: row.key, rows: patterns.rows(row.pattern), values: decodeColumn(row.body, row.n) };
  }
  const packSql = 'select directory, body from pack where stream = ? and segment = ?';
  for (const pack of statement(db, packSql).all(stream, segment) as unknown as Pack[]) {
    for (const { key, pattern, values } of unpack(pack, wanted)) yield { key, rows: patterns.rows(pattern), values };
  }
}

interface ColumnRow {
  readonly key: number;
  readonly n: number;
  readonly pattern: number;
  readonly body: Uint8Array;
}

function columnRows(db: DatabaseSync, sql: string, place: Place, wanted?: ReadonlySet<number>): Iterable<ColumnRow> {
  const { stream, segment } = place;
  if (wanted === undefined) return statement(db, sql).all(segment, stream) as unknown as ColumnRow[];
  const rows: ColumnRow[] = [];
  for (const key of wanted) {
    const row = statement(db, 'select n, pattern, body from col where id = ?').get(columnId(key, segment));
    if (row !== undefined) rows.push({ ...(row as unknown as ColumnRow), key });
  }
  return rows;
}

/** The numbers of one key in a sealed segment; null when no row holds any. `rows` is null when all do. */
export function readNumbers(
  db: DatabaseSync,
  stream: number,
  key: number,
  segment: number,
): { rows: Uint32Array | null; values: Float64Array } | null {
  const row = statement(db, 'select n, pattern, body from col where id = ?').get(columnId(key, segment));
  const patterns = new PatternReader(db, stream, segment);
  if (row !== undefined) {
    const { n, pattern, body } = row as unknown as ColumnRow;
    return { rows: patterns.rows(pattern), values: decodeColumn(body, n) };
  }
  const packSql = 'select id, directory from pack where stream = ? and segment = ?';
  for (const { id, directory } of statement(db, packSql).all(stream, segment) as unknown as (Pack & { id: number })[]) {
    if (!directoryOf(directory).some((entry) => entry.key === key)) continue;
    const sql = 'select directory, body from pack where stream = ? and segment = ? and id = ?';
    const [found] = unpack(statement(db, sql).get(stream, segment, id) as unknown as Pack, new Set([key]));
    return found === undefined ? null : { rows: patterns.rows(found.pattern), values: found.values };
  }
  return null;
}

class PatternReader {
  readonly #db: DatabaseSync;
  readonly #stream: number;
  readonly #segment: number;
  readonly #read = new Map<number, Uint32Array>();

  constructor(db: DatabaseSync, stream: number, segment: number) {
    this.#db = db;
    this.#stream = stream;
    this.#segment = segment;
  }

  rows(id: number): Uint32Array | null {
    if (id === 0) return null;
    let rows = this.#read.get(id);
    if (rows === undefined) {
      const sql = 'select n, body from pattern where stream = ? and segment = ? and id = ?';
      const row = must(statement(this.#db, sql).get(this.#stream, this.#segment, id), 'a pattern of rows');
      rows = new ByteReader(row['body'] as Uint8Array).ascending(row['n'] as number);
      this.#read.set(id, rows);
    }
    return rows;
  }
}

export interface Pack {
  readonly directory: Uint8Array;
  readonly body: Uint8Array;
}

interface DirectoryEntry {
  readonly key: number;
  readonly pattern: number;
  readonly n: number;
}

export function directoryOf(bytes: Uint8Array): DirectoryEntry[] {
  const reader = new ByteReader(bytes);
  const entries: DirectoryEntry[] = [];
  for (let key = 0; reader.left > 0;) {
    key += reader.signed();
    entries.push({ key, pattern: reader.varint(), n: reader.varint() });
  }
  return entries;
}

/** The columns of a pack, or those of them that are wanted. */
export function unpack(
  pack: Pack,
  wanted?: ReadonlySet<number>,
): { key: number; pattern: number; values: Float64Array }[] {
  const entries = directoryOf(pack.directory);
  if (wanted !== undefined && !entries.some((entry) => wanted.has(entry.key))) return [];
  const total = entries.reduce((sum, entry) => sum + entry.n, 0);
  const values = decodeColumn(pack.body, total);
  let at = 0;
  const columns: { key: number; pattern: number; values: Float64Array }[] = [];
  for (const { key, pattern, n } of entries) {
    if (wanted === undefined || wanted.has(key)) columns.push({ key, pattern, values: values.subarray(at, at + n) });
    at += n;
  }
  return columns;
}

/** What is no number in a sealed segment, one key at a time. */
export function* restColumns(db: DatabaseSync, place: Place, wanted?: ReadonlySet<number>): Generator<RestColumn> {
  const { stream, segment, rowCount } = place;
  const keySql = 'select distinct key from rest where stream = ? and segment = ?';
  for (const { key } of statement(db, keySql).all(stream, segment) as unknown as { key: number }[]) {
    if (wanted !== undefined && !wanted.has(key)) continue;
    const sql = 'select body from rest where stream = ? and segment = ? and key = ? order by part';
    const parts = statement(db, sql).all(stream, segment, key) as unknown as { body: Uint8Array }[];
    const columns = parts.map(({ body }) => decodeRestPart(key, body));
    const [only] = columns;
    const [joined] =
      columns.length === 1 ? [] : joinBatches(columns.map((rest) => ({ rows: 0, numbers: [], rest: [rest] }))).rest;
    yield must(joined ?? only, `the rest of a segment of ${rowCount} rows`);
  }
}

/** A part of a rest column: count, then zstd over the rows as gaps, the lengths and the texts. */
function decodeRestPart(key: number, body: Uint8Array): RestColumn {
  const head = new ByteReader(body);
  const count = head.varint();
  const reader = new ByteReader(zstdDecompressSync(head.bytes(head.left)));
  const rows = reader.ascending(count);
  const ends = new Uint32Array(count);
  for (let i = 0, end = 0; i < count; i++) ends[i] = end += reader.varint();
  return { key, rows, texts: reader.bytes(reader.left), ends };
}
