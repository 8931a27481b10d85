import { ADDRESSES } from '../../serve/api/addresses.ts';
import type { ChangeNotice } from '../../serve/api/client.ts';
import { changedSeries } from './project-series.ts';
import { queryClient } from './query-client.ts';
import { Signal } from './signal.ts';

export interface Connection {
  readonly state: 'connecting' | 'live' | 'lost';
  /** When changes last arrived by themselves, in milliseconds since the epoch. */
  readonly freshAt: number;
}

export const connection = new Signal<Connection>({ state: 'connecting', freshAt: Date.now() });

/** Lists are read again at most this often, however many runs change. */
const LISTS_EVERY_MS = 1_000;
const RECONNECT_MS = 3_000;

let source: EventSource | null = null;
let listsTimer: ReturnType<typeof setTimeout> | null = null;

/** Opens the one stream of change notices, unless it is open. */
export function connect(): void {
  if (source !== null && source.readyState !== EventSource.CLOSED) return;
  source?.close();
  source = new EventSource(`/api/v1${ADDRESSES.notices.path}`);
  source.addEventListener('message', (event) => onNotices((JSON.parse(event.data as string) as Notices).notices));
  source.addEventListener('open', () => {
    const before = connection.value.state;
    connection.set({ state: 'live', freshAt: Date.now() });
    if (before === 'lost') readAgain();
  });
  source.addEventListener('error', () => {
    const { state, freshAt } = connection.value;
    connection.set({ state: 'lost', freshAt: state === 'live' ? Date.now() : freshAt });
    // Where the server refuses, the browser gives up. The session may have ended: asking for it brings the log-in.
    if (source?.readyState !== EventSource.CLOSED) return;
    void queryClient.invalidateQueries({ queryKey: ['session'] });
    setTimeout(connect, RECONNECT_MS);
  });
}

interface Notices {
  readonly notices: readonly ChangeNotice[];
}

function onNotices(notices: readonly ChangeNotice[]): void {
  for (const { entity, project, run, changed } of notices) {
    const streams = changed.filter((what) => what === 'history' || what === 'system');
    if (streams.length > 0) changedSeries(entity, project, run, streams);
    void queryClient.invalidateQueries({
      predicate: ({ queryKey: [kind, ...of] }) =>
        of[0] === entity && of[1] === project && of[2] === run && isTouched(String(kind), changed),
    });
  }
  listsTimer ??= setTimeout(() => {
    listsTimer = null;
    void queryClient.invalidateQueries({ predicate: ({ queryKey: [kind] }) => LISTS.has(String(kind)) });
  }, LISTS_EVERY_MS);
}

const LISTS = new Set(['projects', 'runs', 'columns', 'metrics']);

function isTouched(kind: string, changed: readonly string[]): boolean {
  if (kind === 'run') return true;
  if (kind === 'keys') return changed.includes('system');
  return (kind === 'console' && changed.includes('console')) || (kind === 'files' && changed.includes('files'));
}

/** After a lost connection nobody knows what was missed: what is on screen is read again. */
function readAgain(): void {
  changedSeries(null, null, null, ['history', 'system']);
  void queryClient.invalidateQueries();
}
