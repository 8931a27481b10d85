import type { DatabaseSync } from 'node:sqlite';
import type { Cell } from '../../../../core/query/filter-cell.ts';
import { filterTest } from '../../../../core/query/filter-match.ts';
import type { Filter } from '../../../../core/query/filter.ts';
import type { RunField, RunOrder } from '../../../../core/query/run-field.ts';
import { compareCells, compareText } from '../../../../core/query/run-order.ts';
import type { RunQuery } from '../../runs.ts';
import type { RunIndex } from './run-index.ts';
import { runIndex } from './run-index-cache.ts';
import { smallest } from './smallest.ts';

const CREATED: RunField = { of: 'run', name: 'createdAt' };
const ID: RunField = { of: 'run', name: 'id' };

/** The keys of one page of a project's runs, in order, and how many satisfy the filter in all. */
export function selectRuns(db: DatabaseSync, query: RunQuery): { total: number; keys: readonly number[] } {
  const fields = [...fieldsOf(query.filter), ...query.order.map(({ field }) => field), CREATED, ID];
  const index = runIndex(db, query.project, fields);
  const matching = matchingSlots(index, query.filter);
  const end = Math.min(matching.length, query.offset + query.limit);
  const page = smallest(matching, end, comparison(index, query.order)).slice(query.offset);
  return { total: matching.length, keys: page.map((slot) => index.keys[slot] as number) };
}

/** How many runs of the project satisfy the filter. */
export function countRuns(db: DatabaseSync, project: number, filter: Filter | null): number {
  return matchingSlots(runIndex(db, project, fieldsOf(filter)), filter).length;
}

function matchingSlots(index: RunIndex, filter: Filter | null): number[] {
  const slots: number[] = [];
  const test = filter === null ? () => true : filterTest(filter, (field) => reader(index.cells(field)));
  for (let slot = 0; slot < index.keys.length; slot++) if (test(slot)) slots.push(slot);
  return slots;
}

function reader(cells: readonly Cell[]): (slot: number) => Cell {
  return (slot) => cells[slot];
}

function comparison(index: RunIndex, order: readonly RunOrder[]): (a: number, b: number) => number {
  const terms = order.map(({ field, descending }) => ({ cells: index.cells(field), descending }));
  const created = index.cells(CREATED) as readonly number[];
  const ids = index.cells(ID) as readonly string[];
  return (a, b) => {
    for (const { cells, descending } of terms) {
      const compared = compareCells(cells[a], cells[b], descending);
      if (compared !== 0) return compared;
    }
    return (created[b] as number) - (created[a] as number) || compareText(ids[a] as string, ids[b] as string);
  };
}

function fieldsOf(filter: Filter | null): RunField[] {
  if (filter === null) return [];
  if ('field' in filter) return [filter.field];
  return filter.op === 'not' ? fieldsOf(filter.of) : filter.of.flatMap(fieldsOf);
}
