const FIRST_PAUSE_MS = 1_000;

/**
 * Does a piece of work again and again, never twice at a time, until it is stopped. Does not keep the process alive. Work
 * that fails is told and tried again at its next turn.
 */
export class RepeatedWork {
  readonly #pauseMs: number;
  readonly #work: () => Promise<void>;
  readonly #onFault: (error: unknown) => void;
  #nextPauseMs: number;
  #timer: NodeJS.Timeout | undefined;
  #doing: Promise<void> | null = null;
  #again = false;
  #stopped = false;

  constructor(parts: Readonly<{ pauseMs: number; work: () => Promise<void>; onFault: (error: unknown) => void }>) {
    this.#pauseMs = parts.pauseMs;
    this.#nextPauseMs = parts.pauseMs;
    this.#work = parts.work;
    this.#onFault = parts.onFault;
    this.#wait();
  }

  /** There is work now, and perhaps more soon: turns begin at once, then after ever longer pauses. Never throws. */
  begin(): void {
    if (this.#stopped) return;
    this.#nextPauseMs = Math.min(FIRST_PAUSE_MS, this.#pauseMs);
    if (this.#doing) this.#again = true;
    else this.#doing = this.#turn();
  }

  /** No turn begins any more; resolves when none is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#doing;
  }

  async #turn(): Promise<void> {
    clearTimeout(this.#timer);
    do {
      this.#again = false;
      try {
        await this.#work();
      } catch (error) {
        this.#onFault(error);
      }
    } while (this.#again && !this.#stopped);
    this.#doing = null;
    if (!this.#stopped) this.#wait();
  }

  #wait(): void {
    this.#timer = setTimeout(() => {
      this.#doing = this.#turn();
    }, this.#nextPauseMs);
    this.#timer.unref();
    this.#nextPauseMs = Math.min(2 * this.#nextPauseMs, this.#pauseMs);
  }
}
