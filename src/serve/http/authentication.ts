import { hash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../core/base/clock.ts';
import { Refusal } from '../../core/model/refusal.ts';
import type { HubAccounts, Principal } from '../hub/hub.ts';
import { type HostRule, portOf } from './host-rule.ts';
import { LoginLimit } from './login-limit.ts';
import type { Sessions } from './sessions.ts';

const RIGHT_KEYS_MAX = 10_000;
const KEY_CHARS_MAX = 500;

export interface AuthenticationOptions {
  readonly accounts: HubAccounts;
  readonly sessions: Sessions;
  readonly hosts: HostRule;
  /** Null: there is no administration by HTTP. */
  readonly adminToken: string | null;
  readonly clock: Clock;
}

/** Decides who sends a request: by API key (`Basic` with any user name, or `Bearer`), by session cookie, by administrator's token. */
export class Authentication {
  readonly #accounts: HubAccounts;
  readonly #sessions: Sessions;
  readonly #hosts: HostRule;
  readonly #adminDigest: Buffer | null;
  readonly #limit: LoginLimit;
  /** Digests of keys that were right before: no guesses, even if they are wrong by now. */
  readonly #rightBefore = new Set<string>();

  constructor({ accounts, sessions, hosts, adminToken, clock }: AuthenticationOptions) {
    this.#accounts = accounts;
    this.#sessions = sessions;
    this.#hosts = hosts;
    this.#adminDigest = adminToken === null ? null : digest(adminToken);
    this.#limit = new LoginLimit(clock);
  }

  /**
   * Lets the request in, or refuses it, by its route's `access`; sets `request.who`. Called before the body is read. An
   * address without a route is open, since there is nothing.
   */
  async admit(request: FastifyRequest): Promise<void> {
    const access = request.is404 ? 'open' : (request.routeOptions.config.access ?? 'user');
    if (access === 'open') return;
    if (access === 'admin') return this.#demandAdmin(request);
    if (access === 'operator' && this.#isAdmin(request)) return;
    request.who = await this.who(request);
    if (request.who === null) throw new Refusal('unauthenticated', 'This needs an API key or a session: log in first.');
  }

  /** Who asks, by key or session. Null without credentials or with a session that has ended; a wrong key is refused. */
  async who(request: FastifyRequest): Promise<Principal | null> {
    const key = keyOf(request);
    return key === null ? this.#bySession(request) : this.holder(key, request.ip);
  }

  /** The holder of an API key. Refuses a wrong one (`unauthenticated`), and too many from one address (`too_many`). */
  async holder(key: string, address: string): Promise<Principal> {
    const name = hash('sha256', key, 'base64');
    const isGuess = !this.#rightBefore.has(name);
    if (isGuess) this.#limit.take(address);
    const who = key.length > KEY_CHARS_MAX ? null : await this.#accounts.authenticate(key);
    if (who === null)
      throw new Refusal(
        'unauthenticated',
        'This server does not know the API key: check WANDB_API_KEY, or log in again.',
      );
    if (isGuess) {
      this.#limit.giveBack(address);
      if (this.#rightBefore.size >= RIGHT_KEYS_MAX) this.#rightBefore.clear();
      this.#rightBefore.add(name);
    }
    return who;
  }

  /** Starts a session for this user and gives the browser its cookie. */
  logIn(username: string, request: FastifyRequest, reply: FastifyReply): void {
    this.#setCookie(request, reply, this.#sessions.start(username), '');
  }

  /** Ends the request's session, if it has one. */
  logOut(request: FastifyRequest, reply: FastifyReply): void {
    const secret = cookieOf(request);
    if (secret !== null) this.#sessions.end(secret);
    this.#setCookie(request, reply, '', '; Max-Age=0');
  }

  /** Refuses (`forbidden`) a change that was not asked for by a page of ours. For what a cookie, or nothing, permits. */
  demandOwnPage({ headers }: FastifyRequest): void {
    if (!this.#hosts.isOwnPage(headers.origin, headers.host))
      throw new Refusal(
        'forbidden',
        'A change needs the Origin of this server, or an API key in the Authorization header.',
      );
  }

  #demandAdmin(request: FastifyRequest): void {
    if (this.#adminDigest === null)
      throw new Refusal('forbidden', 'Administration is closed: start the server with TRACKSIDE_ADMIN_TOKEN set.');
    if (this.#isAdmin(request)) return;
    this.#limit.take(request.ip);
    throw new Refusal('unauthenticated', 'Administration needs Authorization: Bearer with the TRACKSIDE_ADMIN_TOKEN.');
  }

  #isAdmin(request: FastifyRequest): boolean {
    const key = keyOf(request);
    return this.#adminDigest !== null && key !== null && timingSafeEqual(digest(key), this.#adminDigest);
  }

  async #bySession(request: FastifyRequest): Promise<Principal | null> {
    const secret = cookieOf(request);
    const username = secret === null ? null : this.#sessions.find(secret);
    if (username === null) return null;
    // Another port of this host is the same site to a browser, and sends the cookie along.
    const from = request.headers['sec-fetch-site'];
    if (from !== undefined && from !== 'same-origin' && from !== 'none')
      throw new Refusal('forbidden', 'Pages of other servers may not use a session of this one.');
    if (request.method !== 'GET' && request.method !== 'HEAD') this.demandOwnPage(request);
    return this.#accounts.principal(username);
  }

  #setCookie(request: FastifyRequest, reply: FastifyReply, value: string, more: string): void {
    const secure = this.#hosts.isSecure ? '; Secure' : '';
    const cookie = `${cookieName(request)}=${value}; Path=/; HttpOnly; SameSite=Strict${secure}${more}`;
    reply.header('set-cookie', cookie);
  }
}

/** Cookies do not know ports: two servers on one host, or two tunnels, would overwrite each other's without it. */
function cookieName(request: FastifyRequest): string {
  return `trackside_${portOf(request.headers.host)}`;
}

function cookieOf(request: FastifyRequest): string | null {
  const name = `${cookieName(request)}=`;
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(name))?.slice(name.length) || null;
}

/** The key in `Authorization: Basic base64(anything:KEY)` or `Bearer KEY`. */
function keyOf({ headers: { authorization } }: FastifyRequest): string | null {
  const [, scheme, value] = /^(basic|bearer) +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (scheme === undefined || value === undefined) return null;
  if (scheme.toLowerCase() === 'bearer') return value;
  const pair = Buffer.from(value, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
