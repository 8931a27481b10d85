import { unreachable } from '../base/assert.ts';
import type { Run } from '../model/run.ts';
import type { Filter, FilterValue } from './filter.ts';
import { type Cell, cellOf, TIME_ATTRIBUTES } from './filter-cell.ts';
import { compilePattern } from './filter-pattern.ts';
import type { RunField } from './run-field.ts';

/** Whether the run satisfies the filter: what every store is compared with. A null filter is satisfied by all. */
export function matchesFilter(run: Run, filter: Filter | null): boolean {
  return filter === null || filterTest(filter, (field) => () => cellOf(run, field))(0);
}

/**
 * Makes one test of a filter. `columnOf` is asked once per field and gives what reads the field of the run at an index;
 * the test that comes back takes that index.
 *
 * A run that lacks a field matches `ne`, `not` and a comparison with null, and nothing else of that field. Text and number
 * compare as numbers when the text is one. NaN equals NaN and is neither more nor less than anything. Of tags it is enough
 * that one matches; `has` asks for the whole tag, on other fields for a part of the text, letters' case ignored.
 */
export function filterTest(
  filter: Filter,
  columnOf: (field: RunField) => (index: number) => Cell,
): (index: number) => boolean {
  if ('field' in filter) {
    const cell = columnOf(filter.field);
    const { ofCell, ofList } = cellTest(filter);
    return (index) => {
      const value = cell(index);
      return Array.isArray(value) ? ofList(value as readonly string[]) : ofCell(value as Scalar);
    };
  }
  if (filter.op === 'not') {
    const test = filterTest(filter.of, columnOf);
    return (index) => !test(index);
  }
  const tests = filter.of.map((part) => filterTest(part, columnOf));
  // The first test that says so decides: false for `and`, true for `or`.
  const decisive = filter.op === 'or';
  return (index) => {
    for (const test of tests) if (test(index) === decisive) return decisive;
    return !decisive;
  };
}

type Scalar = Exclude<Cell, readonly string[]>;
type Leaf = Extract<Filter, { field: RunField }>;

interface CellTest {
  readonly ofCell: (cell: Scalar) => boolean;
  readonly ofList: (list: readonly string[]) => boolean;
}

function cellTest(filter: Leaf): CellTest {
  if (filter.op === 'exists') {
    return { ofCell: (cell) => cell !== undefined, ofList: (list) => list.length > 0 };
  }
  if (filter.op === 'has') {
    const part = filter.value.toLowerCase();
    return {
      ofCell: (cell) => cell !== undefined && cell !== null && String(cell).toLowerCase().includes(part),
      ofList: (list) => list.includes(filter.value),
    };
  }
  if (filter.op === 'matches') {
    const pattern = compilePattern(filter.pattern);
    return anyOf((cell) => cell !== undefined && cell !== null && pattern(String(cell)));
  }
  if (filter.op === 'in') {
    const values = filter.values.map((value) => comparable(filter.field, value));
    return anyOf((cell) => values.some((value) => order(cell, value) === 0));
  }
  const value = comparable(filter.field, filter.value);
  const equal = anyOf((cell) => order(cell, value) === 0);
  switch (filter.op) {
    case 'eq':
      return equal;
    case 'ne':
      return { ofCell: (cell) => !equal.ofCell(cell), ofList: (list) => !equal.ofList(list) };
    case 'gt':
      return anyOf((cell) => order(cell, value) > 0);
    case 'gte':
      return anyOf((cell) => order(cell, value) >= 0);
    case 'lt':
      return anyOf((cell) => order(cell, value) < 0);
    case 'lte':
      return anyOf((cell) => order(cell, value) <= 0);
    default:
      return unreachable(filter);
  }
}

/** Of a list one element is enough. An empty list is like a field that the run lacks. */
function anyOf(test: (cell: Scalar) => boolean): CellTest {
  return { ofCell: test, ofList: (list) => (list.length === 0 ? test(undefined) : list.some(test)) };
}

/** Below, equal or above zero, as the cell is to the value; NaN where the two cannot be compared. */
function order(cell: Scalar, value: FilterValue): number {
  if (typeof cell === 'number' && typeof value === 'number') {
    return cell < value ? -1 : cell > value ? 1 : Object.is(cell, value) || cell === value ? 0 : Number.NaN;
  }
  if (cell === undefined || cell === null) return value === null ? 0 : Number.NaN;
  if (typeof value === 'number') {
    const number = numberOf(cell);
    return number === value ? 0 : number < value ? -1 : number > value ? 1 : Number.NaN;
  }
  if (typeof value === 'string') {
    if (typeof cell === 'string') return cell === value ? 0 : cell < value ? -1 : 1;
    const number = numberOf(value);
    return Number.isNaN(number) ? Number.NaN : order(cell, number);
  }
  if (typeof value === 'boolean') {
    const truth = cell === 'true' ? true : cell === 'false' ? false : cell;
    return typeof truth === 'boolean' ? Number(truth) - Number(value) : Number.NaN;
  }
  return Number.NaN;
}

function numberOf(cell: boolean | number | bigint | string): number {
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'boolean' || (typeof cell === 'string' && cell.trim() === '')) return Number.NaN;
  return Number(cell);
}

/** Times written as ISO text become milliseconds. */
function comparable(field: RunField, value: FilterValue): FilterValue {
  if (field.of !== 'run' || !TIME_ATTRIBUTES.has(field.name) || typeof value !== 'string') return value;
  const at = Date.parse(value);
  return Number.isNaN(at) ? value : at;
}
