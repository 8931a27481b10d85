import { useNavigate, useParams } from '@tanstack/react-router';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useKeys } from '../app/keyboard.ts';
import { printList } from '../app/page-search.ts';
import { usePageSearch, useSetSearch } from '../app/use-search.ts';
import { ChartToolbar } from '../charts/chart-toolbar.tsx';
import { ChartWall } from '../charts/chart-wall.tsx';
import { historySections } from '../charts/section.ts';
import { projectSeries } from '../data/project-series.ts';
import { useColumns, useMetrics } from '../data/queries.ts';
import { FirstSteps } from '../parts/first-steps.tsx';
import { Icon } from '../parts/icon.tsx';
import { SplitPane } from '../parts/split-pane.tsx';
import { usePageTitle } from '../parts/use-page-title.ts';
import { useSame } from '../parts/use-same.ts';
import { ColumnPicker } from './column-picker.tsx';
import { FilterBox } from './filter-box.tsx';
import { ProjectBar } from './project-bar.tsx';
import { readProjectView, type Layout } from './project-view.ts';
import { useRunWindows } from './run-windows.ts';
import { RunsTable } from './runs-table.tsx';
import { askedFields, chosenByContent, tableColumns } from './table-column.ts';
import { useDrawnChange } from './use-drawn-change.ts';
import { useDrawnRuns } from './use-drawn-runs.ts';

/** A project: its runs beside the charts of those that are switched on. */
export function ProjectPage() {
  const { entity, project } = useParams({ from: '/$entity/$project' });
  usePageTitle(project);
  const search = usePageSearch();
  const setSearch = useSetSearch();
  const navigate = useNavigate();
  const view = useMemo(() => readProjectView(search), [search]);
  const infos = useColumns(entity, project).data?.columns;

  const wanted = view.columns ?? chosenByContent(infos ?? []);
  const fields = useSame(wanted, wanted.join(','));
  const columns = useMemo(() => tableColumns(fields, infos ?? []), [fields, infos]);
  const [visible, setVisible] = useState({ first: 0, last: 0 });
  const onVisible = useCallback((first: number, last: number) => setVisible({ first, last }), []);
  const windows = useRunWindows(
    { entity, project, filter: view.filter, order: view.order, columns: askedFields(columns) },
    visible,
  );
  const { ids, runs } = useDrawnRuns(entity, project, view, windows.first);
  const drawn = useMemo(() => new Map(runs.map((run) => [run.id, run])), [runs]);
  const found = useMetrics(entity, project, ids)?.map(({ key, step }) => ({ key, step }));
  const metrics = useSame(found, JSON.stringify(found));
  const sections = useMemo(() => historySections(metrics ?? []), [metrics]);

  const onEye = useDrawnChange(view, windows, ids);
  const onTag = useCallback(
    (tag: string) => {
      const term = `tag:${/[\s"(),]/.test(tag) ? JSON.stringify(tag) : tag}`;
      if (!view.filter.includes(term)) setSearch({ filter: `${view.filter} ${term}`.trim() }, 'step');
    },
    [view.filter, setSearch],
  );
  const onLayout = (layout: Layout) => setSearch({ layout: layout === 'split' ? undefined : layout });

  const [picking, setPicking] = useState(false);
  const [focused, setFocused] = useState(-1);
  const filterField = useRef<HTMLInputElement>(null);
  const focusedRun = windows.row(focused);
  const move = (step: number) => setFocused((at) => Math.max(0, Math.min((windows.total ?? 1) - 1, at + step)));
  useKeys({
    '/': () => filterField.current?.focus(),
    j: () => move(1),
    k: () => move(-1),
    x: () => focusedRun !== undefined && onEye(focused, 'toggle'),
    s: () => focusedRun !== undefined && onEye(focused, 'only'),
    o: () => {
      if (focusedRun !== undefined)
        void navigate({ to: '/$entity/$project/runs/$run', params: { entity, project, run: focusedRun.id } });
    },
    '[': () => onLayout('table'),
    ']': () => onLayout('charts'),
    '\\': () => onLayout('split'),
    Escape: () => setPicking(false),
  });

  const nothing = windows.total === 0 && view.filter === '';
  return (
    <main className="project-page">
      <ProjectBar
        entity={entity}
        project={project}
        total={windows.total}
        drawn={runs.length}
        top={view.top}
        layout={view.layout}
        onLayout={onLayout}
      />
      {windows.error !== null && windows.total === undefined && view.filter === '' ? (
        <p className="page-problem problem">{windows.error}</p>
      ) : nothing ? (
        <div className="page-empty">
          <h2>No runs yet</h2>
          <FirstSteps project={project} />
        </div>
      ) : (
        <SplitPane
          layout={view.layout}
          left={
            <>
              <div className="toolbar">
                <FilterBox
                  value={view.filter}
                  onChange={(filter) => setSearch({ filter })}
                  field={filterField}
                  refusal={windows.error}
                />
                <button
                  className="icon-button"
                  onClick={() => setPicking(!picking)}
                  title="Columns"
                  aria-label="Columns"
                >
                  <Icon name="columns" />
                </button>
              </div>
              <RunsTable
                entity={entity}
                project={project}
                windows={windows}
                columns={columns}
                order={view.order}
                drawn={drawn}
                focused={focused}
                onOrder={(order) => setSearch({ order })}
                onEye={onEye}
                onTag={onTag}
                onVisible={onVisible}
              />
              {windows.total === 0 && (
                <p className="table-nothing">
                  No run matches this filter. <button onClick={() => setSearch({ filter: '' })}>Show all runs</button>
                </p>
              )}
            </>
          }
          right={
            <>
              <ChartToolbar search={search} metrics={metrics ?? []} />
              <ChartWall
                store={projectSeries(entity, project)}
                sections={sections}
                runs={runs}
                search={search}
                noRuns={
                  windows.total === undefined ? null : (
                    <p className="quiet">
                      {windows.total === 0
                        ? 'No run matches the filter.'
                        : 'No run is shown. Switch one on with its circle in the table.'}
                    </p>
                  )
                }
                empty={
                  metrics === undefined ? null : <p className="quiet">None of these runs has logged a number yet.</p>
                }
              />
            </>
          }
        />
      )}
      {picking && (
        <ColumnPicker
          infos={infos ?? []}
          chosen={fields}
          onChange={(chosen) => setSearch({ columns: chosen === null ? undefined : printList(chosen) })}
          onClose={() => setPicking(false)}
        />
      )}
    </main>
  );
}
