import { useMemo } from 'react';
import type { PageSearch } from '../app/page-search.ts';
import { ChartToolbar } from '../charts/chart-toolbar.tsx';
import { ChartWall } from '../charts/chart-wall.tsx';
import { hueOf, type DrawnRun } from '../charts/drawn-run.ts';
import { historySections, systemSections } from '../charts/section.ts';
import { projectSeries } from '../data/project-series.ts';
import { useMetrics, useSystemKeys, type KeyInfo, type RunDetail, type RunName } from '../data/queries.ts';
import { CommandBlock } from '../parts/command-block.tsx';
import { useSame } from '../parts/use-same.ts';

interface RunChartsProps {
  readonly name: RunName;
  readonly run: RunDetail | undefined;
  readonly search: PageSearch;
}

/** What the script logged. */
export function HistoryCharts({ name, run, search }: RunChartsProps) {
  const metrics = useMetrics(
    name.entity,
    name.project,
    useMemo(() => [name.run], [name]),
  );
  const same = useSame(metrics, JSON.stringify(metrics));
  const sections = useMemo(() => historySections(same ?? []), [same]);
  return (
    <>
      <ChartToolbar search={search} metrics={same ?? []} />
      <ChartWall
        store={projectSeries(name.entity, name.project)}
        sections={sections}
        runs={useSelf(name, run)}
        search={search}
        empty={
          metrics === undefined ? null : (
            <div className="first-steps">
              <p className="quiet">This run has logged no numbers{run?.state === 'running' ? ' yet' : ''}.</p>
              <CommandBlock text={'run.log({"loss": loss})'} />
            </div>
          )
        }
      />
    </>
  );
}

/** The machine while the run ran; over time, since its readings have no steps. */
export function SystemCharts({ name, run, search }: RunChartsProps) {
  const { data } = useSystemKeys(name);
  const keys = useNumericKeys(data?.keys);
  const sections = useMemo(() => systemSections(keys), [keys]);
  const metrics = useMemo(() => keys.map((key) => ({ key, step: null })), [keys]);
  const shown = useMemo(() => ({ ...search, x: search.x ?? 'relative' }), [search]);
  return (
    <>
      <ChartToolbar search={shown} metrics={metrics} timed />
      <ChartWall
        store={projectSeries(name.entity, name.project)}
        sections={sections}
        runs={useSelf(name, run)}
        search={shown}
        empty={data === undefined ? null : <p className="quiet">The client sent no readings of the machine.</p>}
      />
    </>
  );
}

/** Keys that hold numbers, without the client's own. The same list as long as no key comes or goes. */
function useNumericKeys(infos: readonly KeyInfo[] | undefined): readonly string[] {
  const keys = (infos ?? [])
    .filter(({ key, counts }) => (counts['number'] ?? 0) > 0 && !key.startsWith('_'))
    .map(({ key }) => key);
  return useSame(keys, keys.join('\n'));
}

/** The run as the only curve. Its name may still be on the way: the curve need not wait for it. */
function useSelf({ run: id }: RunName, run: RunDetail | undefined): readonly DrawnRun[] {
  const name = run?.displayName ?? id;
  const createdAt = run?.createdAt ?? 0;
  return useMemo(() => [{ id, name, createdAt, hue: hueOf(id), dash: [] }], [id, name, createdAt]);
}
