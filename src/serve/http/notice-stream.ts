import type { ServerResponse } from 'node:http';
import type { Notice } from '../hub/hub.ts';

/** Runs with undelivered changes; beyond it the reader is so far behind that reading everything again is cheaper. */
const UNDELIVERED_MAX = 2_000;
/** Keeps proxies from closing a quiet stream, and finds readers that are gone. */
const HEARTBEAT_MS = 15_000;

/**
 * Change notices to one subscriber as server-sent events. While the reader is slow nothing is queued but one merged notice
 * per run; a reader that falls too far behind is disconnected, and its browser connects again and reads anew.
 */
export class NoticeStream implements Disposable {
  readonly #response: ServerResponse;
  readonly #undelivered = new Map<string, Notice>();
  readonly #heartbeat: NodeJS.Timeout;
  #isBlocked = false;

  /** @param mayListen asked with each heartbeat; the stream ends when the answer is no. Never rejects. */
  constructor(response: ServerResponse, mayListen: () => Promise<boolean>) {
    this.#response = response;
    response.on('drain', () => {
      this.#isBlocked = false;
      this.#flush();
    });
    this.#write('retry: 2000\n\n');
    this.#heartbeat = setInterval(() => {
      if (!this.#isBlocked) this.#write(':\n\n');
      void mayListen().then((may) => may || this[Symbol.dispose]());
    }, HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  send(notices: readonly Notice[]): void {
    for (const notice of notices) {
      const name = JSON.stringify([notice.entity, notice.project, notice.run]);
      const older = this.#undelivered.get(name);
      this.#undelivered.set(name, older === undefined ? notice : merge(older, notice));
    }
    if (this.#undelivered.size > UNDELIVERED_MAX) this[Symbol.dispose]();
    else if (!this.#isBlocked) this.#flush();
  }

  /** Ends the stream; the browser will connect again. */
  [Symbol.dispose](): void {
    clearInterval(this.#heartbeat);
    this.#undelivered.clear();
    // A blocked reader would keep the connection half open until it reads.
    if (this.#isBlocked) this.#response.destroy();
    else this.#response.end();
  }

  #flush(): void {
    if (this.#undelivered.size === 0) return;
    const notices = [...this.#undelivered.values()];
    this.#undelivered.clear();
    this.#write(`data: ${JSON.stringify({ notices })}\n\n`);
  }

  #write(text: string): void {
    const { writableEnded, destroyed } = this.#response;
    if (!writableEnded && !destroyed && !this.#response.write(text)) this.#isBlocked = true;
  }
}

function merge(older: Notice, newer: Notice): Notice {
  return { ...newer, rev: Math.max(older.rev, newer.rev), changed: [...new Set([...older.changed, ...newer.changed])] };
}
