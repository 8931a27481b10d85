import { expect, test } from 'vitest';
import type { SeriesColumns } from '../../core/query/series.ts';
import type { DrawnRun } from './drawn-run.ts';
import { lineOf, nearestPlace } from './line.ts';
import { hiddenByLog, xRange, yRange } from './range.ts';
import { tooltipAt } from './tooltip-rows.ts';

const RUN: DrawnRun = { id: 'r', name: 'r', createdAt: 0, hue: 0, dash: [] };

/** Buckets of one value each at the places given; a value that is not finite is counted as such. */
function series(points: readonly (readonly [x: number, y: number])[]): SeriesColumns {
  const column = (of: (x: number, y: number) => number) => Float64Array.from(points, ([x, y]) => of(x, y));
  const finite = column((_, y) => (Number.isFinite(y) ? y : NaN));
  return {
    length: points.length,
    xMin: column((x) => x),
    xMax: column((x) => x),
    min: finite,
    max: finite,
    mean: finite,
    count: column((_, y) => Number(Number.isFinite(y))),
    nan: column((_, y) => Number(Number.isNaN(y))),
    inf: column((_, y) => Number(Math.abs(y) === Infinity)),
    row0: column((x) => x),
    span: 1,
    rowEnd: points.length,
    total: points.length,
    last: null,
    version: 1,
  };
}

const lineThrough = (...points: (readonly [number, number])[]) => lineOf(RUN, series(points), 0);

test('a NaN is never bridged, and its place is kept', () => {
  const line = lineThrough([0, 1], [1, NaN], [2, 3], [3, 4]);
  expect([...line.x]).toEqual([0, 2, 3]);
  expect([...line.joint]).toEqual([0, 1, 0]);
  expect(line.odd).toEqual([{ x: 1, kind: 'nan' }]);
});

test('a bucket with values and a NaN is torn off on both sides', () => {
  const columns = series([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
  columns.nan[1] = 1;
  expect([...lineOf(RUN, columns, 0).joint]).toEqual([0, 1, 1]);
});

test('a hole much wider than usual is only faintly bridged', () => {
  const points = Array.from({ length: 20 }, (_, index) => [index < 10 ? index : index + 500, index] as const);
  const line = lineThrough(...points);
  expect([...line.joint].map((kind, at) => (kind === 2 ? at : -1)).filter((at) => at >= 0)).toEqual([10]);
});

test('ranges hold all that is shown; on a log axis only what is above zero', () => {
  const line = lineThrough([0, -1], [10, 1], [20, 100]);
  expect(xRange([line], false)).toEqual({ min: 0, max: 20 });
  expect(xRange([line], true)).toEqual({ min: 10, max: 20 });
  const linear = yRange([line], { min: 0, max: 20 }, false);
  expect(linear?.min).toBeLessThan(-1);
  expect(linear?.max).toBeGreaterThan(100);
  const log = yRange([line], { min: 0, max: 20 }, true);
  expect(log?.min).toBeGreaterThan(0.5);
  expect(hiddenByLog([line])).toBe(1);
  expect(yRange([line], { min: 100, max: 200 }, false)).toBeNull();
});

test('a single value gets room around it', () => {
  const line = lineThrough([5, 3]);
  const range = yRange([line], xRange([line], false) ?? { min: 0, max: 0 }, false);
  expect(range?.min).toBeLessThan(3);
  expect(range?.max).toBeGreaterThan(3);
});

test('the nearest place, also where x goes back', () => {
  expect(nearestPlace(lineThrough([0, 1], [10, 2], [20, 3]), 14)).toBe(1);
  expect(nearestPlace(lineThrough([0, 1], [10, 2], [20, 3]), 16)).toBe(2);
  expect(nearestPlace(lineThrough([0, 1], [20, 2], [10, 3]), 11)).toBe(2);
  expect(nearestPlace(lineThrough(), 1)).toBe(-1);
});

test('the tooltip is sorted by value, names the nearest, says NaN, and leaves out runs that have ended before', () => {
  const named = (id: string, ...points: (readonly [number, number])[]) =>
    lineOf({ ...RUN, id, name: id }, series(points), 0);
  const lines = [
    named('low', [0, 1], [10, 1]),
    named('high', [0, 9], [10, 9]),
    named('odd', [0, 5], [5, NaN], [10, 5]),
    named('short', [0, 4], [1, 4]),
  ];
  const tooltip = tooltipAt(lines, 5, 8.9, { x: { min: 0, max: 10 }, y: { min: 0, max: 10 } });
  expect(tooltip.rows.map(({ run, odd }) => [run.id, odd])).toEqual([
    ['high', null],
    ['low', null],
    ['odd', 'nan'],
  ]);
  expect(tooltip.nearest).toBe('high');
  expect(tooltipAt(lines, 5, 5, { x: { min: 0, max: 10 }, y: { min: 0, max: 10 } }).nearest).toBeNull();
});
