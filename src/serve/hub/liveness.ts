import type { Clock } from '../../core/base/clock.ts';
import type { Store } from '../store/store.ts';
import type { KnownRuns } from './known-runs.ts';
import type { Notices } from './notices.ts';

/**
 * Marks runs as crashed that were silent for too long. The silence counts from the later of the last heartbeat and the
 * moment from which this server has been listening, so that neither its own absence nor a sleeping machine is held
 * against a run.
 */
export class Liveness {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #known: KnownRuns;
  readonly #notices: Notices;
  readonly #silenceMsMax: number;
  readonly #pauseMs: number;
  #listeningSince: number;
  #lookedAt: number;
  #timer: NodeJS.Timeout | null = null;
  #look: Promise<void> = Promise.resolve();

  constructor(
    parts: Readonly<{ store: Store; clock: Clock; known: KnownRuns; notices: Notices; silenceMsMax: number }>,
  ) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#known = parts.known;
    this.#notices = parts.notices;
    this.#silenceMsMax = parts.silenceMsMax;
    this.#pauseMs = Math.min(15_000, Math.max(50, parts.silenceMsMax / 4));
    this.#listeningSince = this.#clock.now();
    this.#lookedAt = this.#listeningSince;
  }

  /** Looks again and again until disposed; does not keep the process alive. `onFault` hears of looks that failed. */
  start(onFault: (error: unknown) => void): void {
    let isLooking = false;
    const look = async (): Promise<void> => {
      isLooking = true;
      try {
        await this.look();
      } catch (error) {
        onFault(error);
      } finally {
        isLooking = false;
      }
    };
    this.#timer = setInterval(() => {
      if (!isLooking) this.#look = look();
    }, this.#pauseMs);
    this.#timer.unref();
  }

  /** One look, now. */
  async look(): Promise<void> {
    const now = this.#clock.now();
    const wasAway = now - this.#lookedAt > this.#silenceMsMax || now < this.#lookedAt;
    this.#lookedAt = now;
    if (wasAway) this.#listeningSince = now;
    if (now - this.#listeningSince <= this.#silenceMsMax) return;

    const reason = `no heartbeat for ${inWords(this.#silenceMsMax)}`;
    for (const run of await this.#store.runs.crashSilent(now - this.#silenceMsMax, reason, now)) {
      this.#known.note(run);
      this.#notices.publish(run, run.rev, ['run']);
      await this.#store.streams.settle(run.key);
    }
  }

  /** Ends the looks; resolves when none is under way. */
  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    await this.#look;
  }
}

function inWords(ms: number): string {
  return ms >= 60_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 100) / 10} s`;
}
