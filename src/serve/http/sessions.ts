import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/base/clock.ts';

const TOKEN_LIFE_MS = 10 * 60_000;
const SESSION_IDLE_MS = 7 * 24 * 3_600_000;
const TOKENS_MAX = 1_000;
const SESSIONS_PER_USER_MAX = 50;

/**
 * Who is logged in by browser. Kept in memory only, so sessions end with the server. A session starts from a one-time token
 * (printed on a terminal, good once, for ten minutes) or from an API key.
 */
export interface Sessions {
  /** A fresh one-time token for this user. */
  issueToken(username: string): string;
  /** The user of a token, which is spent by this; null if it is unknown, spent or too old. */
  redeem(token: string): string | null;
  /** Starts a session and returns its secret, for the cookie. The 51st of one user ends that user's oldest. */
  start(username: string): string;
  /** The user of a session; null if there is none (any more). Sessions end after 7 days without use. */
  find(secret: string): string | null;
  end(secret: string): void;
}

/** The address that logs a browser in: the token is in the fragment, which browsers send to nobody. */
export function loginUrl(baseUrl: string, token: string): string {
  return `${baseUrl}/#token=${token}`;
}

export function createSessions(clock: Clock): Sessions {
  const tokens = new Map<string, { username: string; until: number }>();
  const sessions = new Map<string, { username: string; usedAt: number }>();
  const secret = () => randomBytes(32).toString('base64url');

  return {
    issueToken(username) {
      const now = clock.monotonic();
      for (const [token, { until }] of tokens) if (until <= now || tokens.size >= TOKENS_MAX) tokens.delete(token);
      const token = secret();
      tokens.set(token, { username, until: now + TOKEN_LIFE_MS });
      return token;
    },
    redeem(token) {
      const found = tokens.get(token);
      tokens.delete(token);
      return found !== undefined && found.until > clock.monotonic() ? found.username : null;
    },
    start(username) {
      const own = [...sessions].filter(([, session]) => session.username === username);
      own.sort(([, a], [, b]) => a.usedAt - b.usedAt);
      for (const [old] of own.slice(0, Math.max(0, own.length - SESSIONS_PER_USER_MAX + 1))) sessions.delete(old);
      const made = secret();
      sessions.set(made, { username, usedAt: clock.monotonic() });
      return made;
    },
    find(given) {
      const session = sessions.get(given);
      if (session === undefined) return null;
      const now = clock.monotonic();
      if (now - session.usedAt > SESSION_IDLE_MS) {
        sessions.delete(given);
        return null;
      }
      session.usedAt = now;
      return session.username;
    },
    end(given) {
      sessions.delete(given);
    },
  };
}
