import { useQuery } from '@tanstack/react-query';
import { ApiError } from '../../serve/api/client.ts';
import { client } from './client.ts';
import { connect } from './live.ts';
import { queryClient } from './query-client.ts';

export type Session =
  | { readonly state: 'known'; readonly username: string }
  /** Nobody is logged in; `error` says why the last attempt failed. */
  | { readonly state: 'unknown'; readonly error: string | null }
  /** Not answered yet. `redeeming`: a one-time token is on its way, and nothing else can be answered before it. */
  | { readonly state: 'asking'; readonly redeeming: boolean };

const QUERY = ['session'] as const;
const brought = new URLSearchParams(window.location.hash.slice(1)).get('token');

/** A one-time token of the address has not been redeemed yet: until then every other request would be refused. */
export function isRedeeming(): boolean {
  return brought !== null && queryClient.getQueryData(QUERY) === undefined;
}

/** Who looks at this page. A one-time token in the address's fragment is spent on the first call. */
export function useSession(): Session {
  const { data, error } = useQuery({
    queryKey: QUERY,
    queryFn: begin,
    staleTime: Infinity,
    retry: false,
    // A server that does not answer may be starting.
    refetchInterval: ({ state }) => (state.status === 'error' ? 3_000 : false),
  });
  if (data !== undefined) return data;
  return error === null ? { state: 'asking', redeeming: brought !== null } : { state: 'unknown', error: error.message };
}

/** Logs in with an API key; throws what the server says against it. */
export async function logIn(key: string): Promise<void> {
  const { user } = await client.call('startSession', { body: { key } });
  queryClient.setQueryData(QUERY, { state: 'known', username: user.username } satisfies Session);
  connect();
  await queryClient.invalidateQueries();
}

let spent = false;

async function begin(): Promise<Session> {
  if (brought !== null && !spent) {
    spent = true;
    window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
    try {
      const { user } = await client.call('startSession', { body: { token: brought } });
      connect();
      return { state: 'known', username: user.username };
    } catch (error) {
      // A link that was used before is no harm where a session is there already.
      const known = await current();
      return known.state === 'known'
        ? known
        : { state: 'unknown', error: error instanceof Error ? error.message : null };
    }
  }
  return current();
}

async function current(): Promise<Session> {
  try {
    const { user } = await client.call('session', {});
    connect();
    return { state: 'known', username: user.username };
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return { state: 'unknown', error: null };
    throw error;
  }
}
