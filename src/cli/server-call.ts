import { Refusal } from '../core/model/refusal.ts';
import type { KnownServer } from './known-server.ts';

const PATIENCE_MS = 15_000;

/**
 * Asks the server and gives its JSON answer, unchecked. Refuses with the remedy when nobody answers (`unavailable`), when
 * the key is missing or wrong (`unauthenticated`), and with the server's own words otherwise.
 */
export async function callServer(server: KnownServer, path: string, init: RequestInit = {}): Promise<unknown> {
  const headers = new Headers(init.headers);
  if (server.apiKey !== null) headers.set('authorization', `Basic ${btoa(`api:${server.apiKey}`)}`);
  let response: Response;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    response = await fetch(`${server.url}${path}`, { ...init, headers, signal, redirect: 'error' });
  } catch (error) {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? cause.message || ((cause as NodeJS.ErrnoException).code ?? message) : message;
    throw new Refusal(
      'unavailable',
      `${server.url} (${server.origin}) does not answer: ${why}. Is \`trackside serve\` running?`,
    );
  }
  const text = await response.text();
  const answer = parseJson(text);
  if (response.ok) return answer;
  if (response.status === 401) {
    const shown =
      server.keyOrigin === null ? 'no key was found for it' : `the key from ${server.keyOrigin} was not accepted`;
    throw new Refusal(
      'unauthenticated',
      `${server.url} wants an API key: ${shown}. \`trackside login ${server.url}\` takes another.`,
    );
  }
  throw new Refusal(
    'bad_request',
    `${server.url} answered ${response.status}: ${messageOf(answer) ?? response.statusText}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Both forms of errors: ours, and that of GraphQL. */
function messageOf(answer: unknown): string | null {
  const { error, errors } = (answer ?? {}) as { error?: { message?: unknown }; errors?: { message?: unknown }[] };
  const message = error?.message ?? errors?.[0]?.message;
  return typeof message === 'string' ? message : null;
}
