import type { Clock } from '../../core/base/clock.ts';
import { Refusal } from '../../core/model/refusal.ts';

const BURST = 30;
const REFILL_PER_S = 1;
const ADDRESSES_MAX = 10_000;

/**
 * Slows down whoever guesses keys: an address has 30 wrong guesses, then one a second. Only keys that were not found right
 * before are counted, so a program at work is not held up by somebody else's guesses from the same machine.
 */
export class LoginLimit {
  readonly #clock: Clock;
  readonly #guesses = new Map<string, { left: number; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes one guess; refuses (`too_many`) when none is left. */
  take(address: string): void {
    const now = this.#clock.monotonic();
    const known = this.#guesses.get(address) ?? { left: BURST, at: now };
    const left = Math.min(BURST, known.left + ((now - known.at) / 1_000) * REFILL_PER_S);
    if (left < 1)
      throw new Refusal('too_many', 'Too many wrong keys from this address: wait a moment, check the key.', 2);
    this.#guesses.delete(address); // so that the order of the map is by last use
    this.#guesses.set(address, { left: left - 1, at: now });
    for (const [oldest] of this.#guesses) {
      if (this.#guesses.size <= ADDRESSES_MAX) break;
      this.#guesses.delete(oldest);
    }
  }

  /** Gives a guess back that was right. */
  giveBack(address: string): void {
    const known = this.#guesses.get(address);
    if (known !== undefined) known.left += 1;
  }
}
