const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const HOST = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::(\d{1,5}))?$/i;

/**
 * By which names this server answers, and which pages may ask it for changes. A foreign `Host` is how a web page reaches a
 * server on loopback through DNS that it controls; a foreign `Origin` is how it acts with somebody's cookie.
 */
export class HostRule {
  readonly #names: ReadonlySet<string>;
  readonly #publicUrl: URL | null;

  /** @param publicUrl where the world reaches the server, null when it is reached as it listens. @param allowed more names, without port. */
  constructor(publicUrl: string | null, allowed: readonly string[]) {
    this.#publicUrl = publicUrl === null ? null : new URL(publicUrl);
    const names = [...LOOPBACK, ...allowed.map((name) => name.toLowerCase())];
    if (this.#publicUrl !== null) names.push(this.#publicUrl.hostname);
    this.#names = new Set(names);
  }

  /** Whether the `Host` header is one of ours; any port will do, since tunnels change it. */
  knows(host: string | undefined): boolean {
    const name = HOST.exec(host ?? '')?.[1];
    return name !== undefined && this.#names.has(name.toLowerCase());
  }

  /** Whether a page of this `Origin` is ours: same host and port as the request went to, or the public address. */
  isOwnPage(origin: string | undefined, host: string | undefined): boolean {
    if (origin === undefined || host === undefined) return false;
    const page = URL.canParse(origin) ? new URL(origin) : null;
    if (page === null) return false;
    if (this.#publicUrl !== null && page.origin === this.#publicUrl.origin) return true;
    return page.host === new URL(`${page.protocol}//${host}`).host;
  }

  /** Where the asker reaches us, without a slash at the end: the public address, else what the (known) `Host` says. */
  baseUrl(host: string | undefined): string {
    if (this.#publicUrl !== null) return this.#publicUrl.href.replace(/\/+$/, '');
    return `http://${host ?? 'localhost'}`;
  }

  /** Whether browsers reach us by TLS, so that cookies may be bound to it. */
  get isSecure(): boolean {
    return this.#publicUrl?.protocol === 'https:';
  }
}

/** The port of a `Host` header as the browser sees it; "80" when it names none. */
export function portOf(host: string | undefined): string {
  return HOST.exec(host ?? '')?.[2] ?? '80';
}
