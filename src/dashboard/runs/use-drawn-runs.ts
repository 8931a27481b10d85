import { useEffect, useMemo, useRef } from 'react';
import { withLooks, type DrawnRun } from '../charts/drawn-run.ts';
import type { RunRow } from '../data/queries.ts';
import { useSame } from '../parts/use-same.ts';
import { drawnIds, type ProjectView } from './project-view.ts';
import { useRunsById } from './run-windows.ts';

/** The runs that charts show. The same list as before as long as nothing about it has changed, so no chart is redrawn. */
export function useDrawnRuns(
  entity: string,
  project: string,
  view: ProjectView,
  first: readonly RunRow[],
): { readonly ids: readonly string[]; readonly runs: readonly DrawnRun[] } {
  const ids = drawnIds(
    view,
    first.map((run) => run.id),
  );
  const known = new Map(first.map((run) => [run.id, run]));
  const others = useRunsById(
    entity,
    project,
    ids.filter((id) => !known.has(id)),
  );
  for (const run of others) known.set(run.id, run);
  const found = ids.flatMap((id) => {
    const run = known.get(id);
    return run === undefined ? [] : [{ id, name: run.displayName, createdAt: run.createdAt }];
  });
  const same = useSame(found, JSON.stringify(found));
  const before = useRef<readonly DrawnRun[]>([]);
  const runs = useMemo(() => withLooks(same, before.current), [same]);
  useEffect(() => {
    before.current = runs;
  }, [runs]);
  return useMemo(() => ({ ids: runs.map((run) => run.id), runs }), [runs]);
}
