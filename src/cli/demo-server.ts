import { readLocalKey } from '../machine/credentials.ts';
import { readServerNote } from '../serve/server/server-note.ts';
import type { ServerOptions } from '../serve/server/server-options.ts';
import { callServer } from './server-call.ts';

/** The server that the demo's programs log to. Disposing it stops it, if it was started for the demo. */
export interface DemoServer extends AsyncDisposable {
  readonly url: string;
  readonly apiKey: string;
  /** An address that logs a browser in, good once, for ten minutes. */
  readonly loginUrl: string;
  /** It ran before and goes on running. */
  readonly wasThere: boolean;
}

/** The local server that runs on this data folder already, else a new one. Refuses as `startServer` does. */
export async function demoServer(options: ServerOptions): Promise<DemoServer> {
  const note = readServerNote(options.data);
  const apiKey = readLocalKey(options.home);
  if (note?.auth === 'local' && apiKey !== null) {
    const known = { url: note.url, origin: 'running here', apiKey, keyOrigin: 'credentials' };
    const { url: loginUrl } = (await callServer(known, '/api/v1/session/tokens', { method: 'POST' })) as {
      url: string;
    };
    return { url: note.url, apiKey, loginUrl, wasThere: true, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const { startServer } = await import('../serve/server/server.ts');
  const server = await startServer(options);
  return {
    url: server.url,
    apiKey: server.local?.apiKey ?? '',
    loginUrl: server.newLoginUrl() ?? server.url,
    wasThere: false,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
