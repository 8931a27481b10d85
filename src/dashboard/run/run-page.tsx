import { useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { useKeys } from '../app/keyboard.ts';
import { usePageSearch, useSetSearch } from '../app/use-search.ts';
import { useRun, type RunDetail, type RunName } from '../data/queries.ts';
import { usePageTitle } from '../parts/use-page-title.ts';
import { countText } from '../words/number.ts';
import { ConfigTab } from './config-tab.tsx';
import { FilesTab } from './files-tab.tsx';
import { HistoryCharts, SystemCharts } from './run-charts.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { RunHeader } from './run-header.tsx';
import './run.css';

const LogsTab = lazy(() => import('./logs-tab.tsx').then(({ LogsTab }) => ({ default: LogsTab })));

const TABS = ['charts', 'system', 'logs', 'config', 'overview', 'files'] as const;
/** Tabs that say how much they hold. */
const NOTED: ReadonlySet<string> = new Set(['charts', 'logs', 'config']);
type Tab = (typeof TABS)[number];

/** One run: a header that never scrolls away, and its tabs. */
export function RunPage() {
  const params = useParams({ from: '/$entity/$project/runs/$run' });
  const { entity, project, run: id } = params;
  const name = useMemo<RunName>(() => ({ entity, project, run: id }), [entity, project, id]);
  const search = usePageSearch();
  const setSearch = useSetSearch();
  const navigate = useNavigate();
  const { data: run, error } = useRun(name);
  usePageTitle(run === undefined ? id : `${run.displayName} · ${project}`);
  const tab = TABS.find((known) => known === search.tab) ?? 'charts';
  const open = (next: Tab) => setSearch({ tab: next === 'charts' ? undefined : next }, 'step');
  useKeys({
    ...Object.fromEntries(TABS.map((known, index) => [String(index + 1), () => open(known)])),
    u: () => void navigate({ to: '/$entity/$project', params: { entity, project } }),
  });
  if (run === undefined && error !== null)
    return (
      <main className="message-page">
        <h1>This run cannot be shown</h1>
        <p>{error.message}</p>
      </main>
    );
  return (
    <main className="run-page">
      <RunHeader name={name} run={run} />
      <nav className="tabs" role="tablist" aria-label="Run">
        {TABS.map((known, index) => (
          <button
            key={known}
            role="tab"
            aria-selected={known === tab}
            title={`${known} (${index + 1})`}
            onClick={() => open(known)}
          >
            <span className="tab-name">{known}</span>
            <span className={run === undefined && NOTED.has(known) ? 'quiet tab-note comes' : 'quiet tab-note'}>
              {run === undefined ? '' : noteOf(known, run)}
            </span>
          </button>
        ))}
      </nav>
      <div className="tab-body" role="tabpanel" aria-label={tab}>
        {tab === 'charts' && <HistoryCharts name={name} run={run} search={search} />}
        {tab === 'system' && <SystemCharts name={name} run={run} search={search} />}
        {tab === 'logs' && (
          <Suspense fallback={null}>
            <LogsTab name={name} live={run !== undefined && isOpen(run)} />
          </Suspense>
        )}
        {tab === 'config' && run !== undefined && <ConfigTab run={run} />}
        {tab === 'overview' && run !== undefined && <OverviewTab name={name} run={run} />}
        {tab === 'files' && <FilesTab name={name} />}
      </div>
    </main>
  );
}

function isOpen(run: RunDetail): boolean {
  return run.state === 'running' || run.state === 'pending' || run.state === 'preempting';
}

function noteOf(tab: Tab, run: RunDetail): string {
  if (tab === 'charts' && run.rows.history > 0) return countText(run.rows.history);
  if (tab === 'logs' && run.rows.console > 0) return countText(run.rows.console);
  if (tab === 'config') return String(Object.keys(run.config).length);
  return '';
}
