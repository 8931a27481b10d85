import { readLocalKey } from '../machine/credentials.ts';
import { type Environment, homeFolder } from '../machine/home-folder.ts';
import { readNetrcKey } from '../machine/netrc.ts';
import { readSettings } from '../machine/settings.ts';
import { DEFAULT_PORT } from '../serve/server/server-options.ts';
import { readServerNote } from '../serve/server/server-note.ts';

/** The server that a command talks to, and the key it shows there. */
export interface KnownServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** Why this one, for people: "--server", "WANDB_BASE_URL", a file, "running here", "default". */
  readonly origin: string;
  /** Null when there is none for this server. */
  readonly apiKey: string | null;
  readonly keyOrigin: string | null;
}

/**
 * The server that is meant: the flag, the settings, the one that runs on this user's data folder, else where `trackside
 * serve` would answer. Reads small files; blocks; asks nobody.
 */
export function findServer(
  given: { readonly server?: string | undefined; readonly data?: string | undefined } = {},
  env: Environment = process.env,
): KnownServer {
  const home = homeFolder(env);
  const note = readServerNote(given.data ?? home);
  const setting = readSettings({ env, flags: { server: given.server } }).server;
  // Whoever names a data folder means the server on it.
  const isNamed = given.data !== undefined && given.server === undefined;
  const found =
    setting && !isNamed
      ? { url: setting.value.replace(/\/+$/, ''), origin: setting.origin }
      : note
        ? { url: note.url, origin: 'running here' }
        : { url: `http://127.0.0.1:${DEFAULT_PORT}`, origin: 'default' };
  return { ...found, ...findKey(found.url, note?.url === found.url, env) };
}

function findKey(
  url: string,
  isOwn: boolean,
  env: Environment,
): { readonly apiKey: string | null; readonly keyOrigin: string | null } {
  const local = (): string | null => readLocalKey(homeFolder(env));
  const places: readonly (readonly [origin: string, look: () => string | null])[] = [
    ['credentials', () => (isOwn ? local() : null)],
    ['WANDB_API_KEY', () => env['WANDB_API_KEY'] || null],
    ['netrc', () => readNetrcKey(url, env)],
    ['credentials', () => (isLoopback(url) ? local() : null)],
  ];
  for (const [origin, look] of places) {
    const apiKey = look();
    if (apiKey !== null) return { apiKey, keyOrigin: origin };
  }
  return { apiKey: null, keyOrigin: null };
}

export function isLoopback(url: string): boolean {
  return URL.canParse(url) && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(url).hostname);
}
