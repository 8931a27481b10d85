/**
 * Does a piece of work again and again, never twice at a time, until it is stopped. Does not keep the process alive. Work
 * that fails is told and tried again at its next turn.
 */
export class RepeatedWork {
  readonly #work: () => Promise<void>;
  readonly #onFault: (error: unknown) => void;
  readonly #timer: NodeJS.Timeout;
  #doing: Promise<void> | null = null;
  #again = false;
  #stopped = false;

  constructor(parts: Readonly<{ pauseMs: number; work: () => Promise<void>; onFault: (error: unknown) => void }>) {
    this.#work = parts.work;
    this.#onFault = parts.onFault;
    this.#timer = setInterval(() => this.begin(), parts.pauseMs);
    this.#timer.unref();
  }

  /** Begins a turn now; if one is under way, another follows it. Never throws. */
  begin(): void {
    if (this.#stopped) return;
    if (this.#doing) this.#again = true;
    else this.#doing = this.#turns();
  }

  /** No turn begins any more; resolves when none is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#doing;
  }

  async #turns(): Promise<void> {
    do {
      this.#again = false;
      try {
        await this.#work();
      } catch (error) {
        this.#onFault(error);
      }
    } while (this.#again && !this.#stopped);
    this.#doing = null;
  }
}
