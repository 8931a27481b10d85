import { join, resolve } from 'node:path';
import { Refusal } from '../../core/model/refusal.ts';
import { type Environment, homeFolder } from '../../machine/home-folder.ts';

/** What a server is made of, checked. Paths are absolute. */
export interface ServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** The folder of everything that has no place of its own: store, blobs, secret, lock. */
  readonly data: string;
  /** Where the user's own key lies. */
  readonly home: string;
  /** The file of the SQLite store. */
  readonly store: string;
  /** The folder of the blobs. */
  readonly blobs: string;
  /** Without a slash at the end; null: as each request's `Host` says. */
  readonly publicUrl: string | null;
  readonly allowedHosts: readonly string[];
  /** `local`: one user, one key, this machine only. `users`: whom the administrator made. */
  readonly auth: 'local' | 'users';
  readonly adminToken: string | null;
  /** What is logged to standard error, one JSON object a line: pino's levels, or `silent`. */
  readonly logLevel: LogLevel;
  /** A run that is silent for longer is crashed. */
  readonly silenceMsMax: number;
}

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** As a person writes them; every one may be left out. */
export interface ServerWishes {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly data?: string | undefined;
  /** `sqlite:PATH` */
  readonly store?: string | undefined;
  /** `file:DIR` */
  readonly blobs?: string | undefined;
  readonly publicUrl?: string | undefined;
  readonly allowHost?: readonly string[] | undefined;
  readonly auth?: 'local' | 'users' | undefined;
  readonly logLevel?: LogLevel | undefined;
  /** In seconds. */
  readonly crashAfter?: number | undefined;
}

export const DEFAULT_PORT = 7878;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);

/** Fills in the defaults and refuses (`bad_request`) what cannot be served. */
export function serverOptions(wishes: ServerWishes, env: Environment): ServerOptions {
  const home = homeFolder(env);
  const data = resolve(wishes.data ?? home);
  const host = (wishes.host ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1');
  const auth = wishes.auth ?? 'local';
  if (auth === 'local' && !LOOPBACK.has(host)) {
    throw new Refusal(
      'bad_request',
      `With one local user the server answers this machine only, so it cannot listen on ${host}. Start it with --auth users, or reach it from elsewhere through \`ssh -L\`.`,
    );
  }
  return {
    host,
    port: wishes.port ?? DEFAULT_PORT,
    data,
    home,
    store: placeOf('--store', 'sqlite', wishes.store) ?? join(data, 'trackside.sqlite'),
    blobs: placeOf('--blobs', 'file', wishes.blobs) ?? join(data, 'blobs'),
    publicUrl: wishes.publicUrl === undefined ? null : publicUrl(wishes.publicUrl),
    allowedHosts: wishes.allowHost ?? [],
    auth,
    adminToken: env['TRACKSIDE_ADMIN_TOKEN'] || null,
    logLevel: wishes.logLevel ?? 'warn',
    silenceMsMax: (wishes.crashAfter ?? 300) * 1_000,
  };
}

function placeOf(option: string, scheme: string, wish: string | undefined): string | null {
  if (wish === undefined) return null;
  const path = wish.startsWith(`${scheme}:`) ? wish.slice(scheme.length + 1).replace(/^\/\//, '') : '';
  if (path !== '') return resolve(path);
  throw new Refusal('bad_request', `${option} ${wish} is of a kind this server does not have: write ${scheme}:PATH.`);
}

function publicUrl(wish: string): string {
  let url: URL | null = null;
  try {
    url = new URL(wish);
  } catch {
    // Said below.
  }
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new Refusal('bad_request', `--public-url ${wish} must be an address such as https://tracks.example.org.`);
  }
  return url.origin;
}
