import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Clock, systemClock } from '../../core/base/clock.ts';
import { createHub } from '../hub/create-hub.ts';
import { openLocalBlobs } from '../blobs/local/local-blobs.ts';
import { createLinks } from '../http/links.ts';
import { createSessions, loginUrl } from '../http/sessions.ts';
import { openSqliteStore } from '../store/sqlite/open.ts';
import { lockFolder } from './data-lock.ts';
import { keepIdleSmall } from './idle-memory.ts';
import { openLinkSecret } from './link-secret.ts';
import { listen } from './listen.ts';
import { type LocalAccount, demandSomebody, openLocalAccount } from './local-account.ts';
import { createLogger } from './logger.ts';
import { packageRoot, packageVersion } from './package-root.ts';
import type { ServerOptions } from './server-options.ts';
import { leaveServerNote } from './server-note.ts';

/** Requests that take longer to end are cut off when the server stops. */
const STOP_WITHIN_MS = 10_000;

/** A server that answers. Disposing it stops it in good order: requests in flight are answered, what is open is closed. */
export interface RunningServer extends AsyncDisposable {
  /** Where it answers: the public address, or the real host and port. Without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** The one user and key of a local server; null with `--auth users`. */
  readonly local: LocalAccount | null;
  /** An address that logs a browser in, good once, for ten minutes. Null with `--auth users`. */
  newLoginUrl(): string | null;
}

/**
 * Starts a server; resolves when it answers. Refuses with the remedy when the folder is in use (`conflict`), the port is
 * taken (`conflict`), or nobody could ever log in (`bad_request`). Whatever had been opened is closed again then.
 */
export async function startServer(options: ServerOptions, clock: Clock = systemClock): Promise<RunningServer> {
  await using open = new AsyncDisposableStack();
  // The store may lie elsewhere, where another server could find it.
  for (const folder of new Set([options.data, dirname(options.store)])) open.use(lockFolder(folder));
  // The store's thread and the code of the routes load side by side: each takes a good part of the start.
  const loading = import('../http/http.ts');
  const isNew = !existsSync(options.store);
  const store = open.use(await openSqliteStore({ path: options.store }));
  const { createHttp } = await loading;
  const logger = createLogger(options.logLevel);
  const blobs = open.use(await openLocalBlobs({ folder: options.blobs }));
  const hub = open.use(
    createHub({
      store,
      blobs,
      clock,
      options: {
        silenceMsMax: options.silenceMsMax,
        onFault: (error) => logger.warn({ err: error }, 'work behind the scenes failed and will be repeated'),
      },
    }),
  );
  const local = options.auth === 'local' ? await openLocalAccount({ store, hub, home: options.home, isNew }) : null;
  if (local === null) await demandSomebody(store, options.adminToken);

  const sessions = createSessions(clock);
  const app = await createHttp({
    hub,
    sessions,
    links: createLinks(openLinkSecret(options.data), clock),
    clock,
    version: packageVersion(),
    publicUrl: options.publicUrl,
    allowedHosts: options.allowedHosts,
    adminToken: options.adminToken,
    dashboard: join(packageRoot(), 'dist', 'dashboard'),
    logger,
  });
  keepIdleSmall(app);
  open.defer(async () => {
    const patience = setTimeout(() => app.server.closeAllConnections(), STOP_WITHIN_MS);
    await app.close();
    clearTimeout(patience);
  });
  const port = await listen(app, options);
  const url = options.publicUrl ?? `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
  open.use(leaveServerNote(options.data, { url, auth: options.auth }));

  const kept = open.move();
  return {
    url,
    port,
    local,
    newLoginUrl: () => local && loginUrl(url, sessions.issueToken(local.username)),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
