/** Why a request was refused. `code` decides the HTTP status; every dialect says it in its own words. */
export type RefusalCode =
  | 'bad_request' // 400: malformed, or against a rule that a retry cannot mend
  | 'unauthenticated' // 401
  | 'forbidden' // 403
  | 'not_found' // 404
  | 'conflict' // 409
  | 'too_large' // 413
  | 'misdirected' // 421: a Host we do not answer to
  | 'too_many' // 429, with Retry-After
  | 'unavailable'; // 503, with Retry-After: full disk, starting up, locked

/**
 * A refusal of a request: expected, told to the caller, never a bug. The message names cause, effect and remedy in one
 * plain sentence and holds no secret. Thrown anywhere below `http`, turned into an answer there and only there.
 */
export class Refusal extends Error {
  readonly code: RefusalCode;
  /** Seconds after which a retry makes sense; for `too_many` and `unavailable`. */
  readonly retryAfterS: number | undefined;

  constructor(code: RefusalCode, message: string, retryAfterS?: number) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.retryAfterS = retryAfterS;
  }
}
