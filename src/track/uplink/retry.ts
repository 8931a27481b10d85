import { type Backoff, backoffMs } from '../../core/base/backoff.ts';
import { pause } from './pause.ts';
import { LinkError } from './server-link.ts';

export interface RetryOptions {
  readonly backoff: Backoff;
  /** How long the server may be out of reach before it is given up, in milliseconds; asked anew after every failure. */
  readonly patienceMs: () => number;
  /** Told once when the server goes out of reach, and once when it is back. */
  readonly onLost: (reason: string) => void;
  readonly onBack: () => void;
}

/** Why an upload ended early. `refused`: the server will not have it. `unreachable`: it may be sent later. */
export class UploadEnded extends Error {
  readonly kind: 'refused' | 'unreachable';

  constructor(kind: 'refused' | 'unreachable', message: string) {
    super(message);
    this.name = 'UploadEnded';
    this.kind = kind;
  }
}

/** Repeats requests until they succeed, the server refuses them for good, or patience ends. One silence spans all requests. */
export class Retry {
  readonly #options: RetryOptions;
  #failures = 0;
  #silentSince = 0;
  #wake = new AbortController();

  constructor(options: RetryOptions) {
    this.#options = options;
  }

  /** Looks again at patience now, and tries at once: something has changed, such as that the run has ended. */
  hurry(): void {
    this.#silentSince = performance.now();
    this.#wake.abort();
    this.#wake = new AbortController();
  }

  /** What `request` answers, in the end. Rejects with `UploadEnded`. */
  async until<T>(request: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const answer = await request();
        if (this.#failures > 0) this.#options.onBack();
        this.#failures = 0;
        return answer;
      } catch (error) {
        if (!(error instanceof LinkError)) throw error;
        if (error.fatal) throw new UploadEnded('refused', error.message);
        if (this.#failures++ === 0) {
          this.#silentSince = performance.now();
          this.#options.onLost(error.message);
        }
        await this.#waitAfter(error);
      }
    }
  }

  async #waitAfter(error: LinkError): Promise<void> {
    const leftMs = this.#silentSince + this.#options.patienceMs() - performance.now();
    if (leftMs <= 0) throw new UploadEnded('unreachable', error.message);
    const waitMs = error.retryAfterMs ?? backoffMs(this.#failures, this.#options.backoff, Math.random());
    await pause(Math.min(waitMs, leftMs), this.#wake.signal);
  }
}
