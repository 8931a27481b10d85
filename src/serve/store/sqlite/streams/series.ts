import type { DatabaseSync } from 'node:sqlite';
import type { RunKey } from '../../../../core/model/run.ts';
import { bucketsOf, totalOf } from '../../../../core/query/bucket.ts';
import { type Ladder, rowLadder } from '../../../../core/query/ladder.ts';
import type { Axis, SeriesColumns } from '../../../../core/query/series.ts';
import type { SeriesQuery } from '../../streams.ts';
import { type ReadContext, Transferred } from '../operations.ts';
import { findKeys, readTailColumns, streamInfo } from './columns.ts';
import { KeyLadder } from './key-ladder.ts';
import { pyramidState } from './pyramid.ts';
import { SeriesSource, type StreamView } from './series-source.ts';

/** The keys that the client adds to each row of its own accord. */
const AXIS_KEYS = { step: '_step', relative: '_runtime', wall: '_timestamp' } as const;

/** Operations of the reading threads. */
export const seriesReads = {
  /** Answers `StreamStore.series` from one snapshot. */
  readSeries({ db }: ReadContext, query: SeriesQuery): Transferred<(SeriesColumns | null)[]> {
    const answers = query.series.map((): SeriesColumns | null => null);
    for (const [, places] of placesByStream(query.series)) {
      const { run, stream } = query.series[places[0] as number] as SeriesQuery['series'][number];
      const names = places.map((place) => (query.series[place] as SeriesQuery['series'][number]).key);
      const answered = readStream(db, run, stream, names, query);
      places.forEach((place, i) => (answers[place] = answered[i] ?? null));
    }
    return packed(answers);
  },
};

/** Places in the request, by the stream they ask of: what series of one stream share is read once. */
function placesByStream(series: SeriesQuery['series']): Map<string, number[]> {
  const places = new Map<string, number[]>();
  series.forEach(({ run, stream }, place) => {
    const name = `${run} ${stream}`;
    const known = places.get(name);
    if (known === undefined) places.set(name, [place]);
    else known.push(place);
  });
  return places;
}

function readStream(
  db: DatabaseSync,
  run: RunKey,
  kind: 'history' | 'system',
  names: readonly string[],
  query: SeriesQuery,
): (SeriesColumns | null)[] {
  const info = streamInfo(db, run, kind);
  if (info === null) return names.map(() => null);
  const view: StreamView = { ...info, pyramid: pyramidState(db, info.stream) };
  const keys = findKeys(db, info.stream, names);
  const axis = axisKey(query.x);
  const xKey = axis === null ? null : (findKeys(db, info.stream, [axis])[0] ?? null);
  const wanted = [...keys, xKey].filter((key) => key !== null);
  const tails = readTailColumns(db, info.stream, wanted);
  const ladder = (key: number): Ladder => new KeyLadder(new SeriesSource(db, view, key, tails.get(key) ?? null));
  const given = xKey === null ? null : ladder(xKey);
  // A key without a number, such as a text or one whose rows were cut, is as good as none.
  const isGiven = given !== null && totalOf(given, view.rows).total > 0;
  const x = isGiven ? given : rowLadder(view.rows);
  // A metric that the run did not log is no axis: it has no row there.
  const rows = isGiven || query.x.kind !== 'metric' ? view.rows : 0;
  const { from, to, buckets } = query;
  const window = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  return keys.map((key) => {
    if (key === null) return null;
    const y = key === xKey && given !== null ? given : ladder(key);
    const answer = bucketsOf(y, x, { rows, buckets, ...window });
    return { ...answer, ...totalOf(y, view.rows), version: view.version };
  });
}

function axisKey(axis: Axis): string | null {
  if (axis.kind === 'row') return null;
  return axis.kind === 'metric' ? (axis.key ?? null) : AXIS_KEYS[axis.kind];
}

const COLUMNS = ['xMin', 'xMax', 'min', 'max', 'mean', 'count', 'nan', 'inf', 'row0'] as const;

/** All columns in one buffer, so that they cross to the other thread without being copied. */
function packed(answers: readonly (SeriesColumns | null)[]): Transferred<(SeriesColumns | null)[]> {
  const numbers = answers.reduce((sum, answer) => sum + (answer?.length ?? 0) * COLUMNS.length, 0);
  const buffer = new ArrayBuffer(8 * numbers);
  let at = 0;
  const moved = answers.map((answer) => {
    if (answer === null) return null;
    const columns: Partial<Record<(typeof COLUMNS)[number], Float64Array>> = {};
    for (const name of COLUMNS) {
      const column = new Float64Array(buffer, at, answer.length);
      column.set(answer[name]);
      columns[name] = column;
      at += column.byteLength;
    }
    return { ...answer, ...columns };
  });
  return new Transferred(moved, [buffer]);
}
