import { Refusal } from '../model/refusal.ts';
import type { Run } from '../model/run.ts';
import { type Cell, cellOf } from './filter-cell.ts';
import { parseRunField, type RunOrder } from './run-field.ts';

const TERMS_MAX = 8;

/**
 * Reads order terms joined by commas: `-summary.loss,createdAt`, `+created_at`, `config.lr`. A minus is descending, a plus
 * or nothing ascending. A key with a comma in it is quoted: `-"summary.a,b"`.
 */
export function parseRunOrder(text: string): readonly RunOrder[] {
  const terms = [...text.matchAll(/\s*([+-]?)(?:"([^"]*)"|([^,]*))\s*(?:,|$)/g)].filter(([term]) => term.trim() !== '');
  if (terms.length > TERMS_MAX) throw new Refusal('bad_request', `an order has ${TERMS_MAX} terms at most`);
  return terms.map(([term, sign, quoted, bare]) => {
    const name = quoted ?? (bare as string).trim();
    if (name === '') throw new Refusal('bad_request', `the order term ${JSON.stringify(term)} names no field`);
    return { field: parseRunField(name), descending: sign === '-' };
  });
}

/**
 * Orders two cells: numbers before truth values before text, each by value. NaN comes behind those and whoever lacks a
 * value comes last, in either direction. Tags compare as their list joined by commas.
 */
export function compareCells(a: Cell, b: Cell, descending: boolean): number {
  // By far the commonest case; the difference of NaN or equal infinities is NaN and takes the long way.
  if (typeof a === 'number' && typeof b === 'number' && a - b < Infinity && b - a < Infinity) {
    return descending ? b - a : a - b;
  }
  const ranks = rank(a) - rank(b);
  if (rank(a) >= NAN || rank(b) >= NAN) return ranks;
  const order = ranks || compareAlike(a, b);
  return descending ? -order : order;
}

/** The order of a runs table, without ties: after the terms the newest first, then by id. For stores to be compared with. */
export function compareRuns(a: Run, b: Run, order: readonly RunOrder[]): number {
  for (const { field, descending } of order) {
    const cells = compareCells(cellOf(a, field), cellOf(b, field), descending);
    if (cells !== 0) return cells;
  }
  return b.createdAt - a.createdAt || compareText(a.id, b.id);
}

/** By UTF-16 units: the same everywhere, whatever the locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const NAN = 3;
const LACKING = 4;

function rank(cell: Cell): number {
  if (cell === undefined || cell === null || (Array.isArray(cell) && cell.length === 0)) return LACKING;
  if (typeof cell === 'number') return Number.isNaN(cell) ? NAN : 0;
  if (typeof cell === 'bigint') return 0;
  return typeof cell === 'boolean' ? 1 : 2;
}

function compareAlike(a: Cell, b: Cell): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (Array.isArray(a) || Array.isArray(b)) return compareText(String(a), String(b));
  const left = Number(a);
  const right = Number(b);
  return left < right ? -1 : left > right ? 1 : 0;
}
