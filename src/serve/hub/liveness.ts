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
  /** How often to look. */
  readonly pauseMs: number;
  #listeningSince: number;
  #lookedAt: number;

  constructor(
    parts: Readonly<{ store: Store; clock: Clock; known: KnownRuns; notices: Notices; silenceMsMax: number }>,
  ) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#known = parts.known;
    this.#notices = parts.notices;
    this.#silenceMsMax = parts.silenceMsMax;
    this.pauseMs = Math.min(15_000, Math.max(50, parts.silenceMsMax / 4));
    this.#listeningSince = this.#clock.now();
    this.#lookedAt = this.#listeningSince;
  }

  /** One look at all runs, now. Called every `pauseMs`; a longer absence is this server's own. */
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
}

function inWords(ms: number): string {
  return ms >= 60_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 100) / 10} s`;
}
