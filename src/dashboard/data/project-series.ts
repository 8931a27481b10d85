import { client } from './client.ts';
import { SeriesStore, type SeriesName } from './series-store.ts';

const stores = new Map<string, SeriesStore>();

/** The series of one project, made on first use and kept as long as the page. */
export function projectSeries(entity: string, project: string): SeriesStore {
  const id = `${entity}/${project}`;
  const known = stores.get(id);
  if (known !== undefined) return known;
  const made = new SeriesStore((series, { axis, from, to, buckets }, signal) =>
    client.series(
      { entity, project },
      {
        series: series.map(({ run, stream, key }) => ({ run, stream, key })),
        x: axis.key === undefined ? { kind: axis.kind } : { kind: axis.kind, key: axis.key },
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        buckets,
      },
      signal,
    ),
  );
  stores.set(id, made);
  return made;
}

/** These streams of a run have changed; without names, all of everything may have. */
export function changedSeries(
  entity: string | null,
  project: string | null,
  run: string | null,
  streams: readonly SeriesName['stream'][],
): void {
  for (const [id, store] of stores)
    if (entity === null || id === `${entity}/${project}`) store.markChanged(run, streams);
}
