import type { RunPath } from '../../core/model/run.ts';
import type { Store } from '../store/store.ts';
import type { HubNotices, Notice, Principal } from './hub.ts';
import { maySee } from './permission.ts';

const PAUSE_MS = 250;

interface Subscriber {
  who: Principal;
  readonly of: { readonly entity: string; readonly project: string } | null;
  readonly hear: (notices: readonly Notice[]) => void;
  /** Not yet told, by run; several changes of one run are one notice. */
  readonly pending: Map<string, Notice>;
  /** Set while the pause after the last telling runs. */
  pause: NodeJS.Timeout | null;
}

/** Tells subscribers what changed: the first change at once, what follows within 250 ms merged into one telling. */
export class Notices implements HubNotices {
  readonly #store: Store;
  readonly #subscribers = new Set<Subscriber>();

  constructor(store: Store) {
    this.#store = store;
  }

  get subscribers(): number {
    return this.#subscribers.size;
  }

  subscribe(
    who: Principal,
    of: { entity: string; project: string } | null,
    hear: (notices: readonly Notice[]) => void,
  ): Disposable {
    const subscriber: Subscriber = { who, of, hear, pending: new Map(), pause: null };
    this.#subscribers.add(subscriber);
    return { [Symbol.dispose]: () => this.#drop(subscriber) };
  }

  /** Something of a run changed; `rev` is its change counter afterwards. Never blocks, never throws. */
  publish(path: RunPath, rev: number, changed: Notice['changed']): void {
    if (changed.length === 0) return;
    for (const subscriber of this.#subscribers) {
      const { of, pending } = subscriber;
      if (of && (of.entity !== path.entity || of.project !== path.project)) continue;
      if (!maySee(subscriber.who, path.entity)) continue;
      const name = `${path.entity}/${path.project}/${path.id}`;
      const earlier = pending.get(name);
      pending.set(name, {
        entity: path.entity,
        project: path.project,
        run: path.id,
        rev: Math.max(rev, earlier?.rev ?? 0),
        changed: earlier ? [...new Set([...earlier.changed, ...changed])] : changed,
      });
      if (!subscriber.pause) this.#tell(subscriber);
    }
  }

  /** Accounts changed: subscribers see from now on what they may see now, and those of deleted users nothing. */
  async refresh(): Promise<void> {
    for (const subscriber of this.#subscribers) {
      const user = await this.#store.accounts.user(subscriber.who.user.username);
      if (user) subscriber.who = { user };
      else this.#drop(subscriber);
    }
  }

  /** Ends all subscriptions. */
  close(): void {
    for (const subscriber of this.#subscribers) this.#drop(subscriber);
  }

  #tell(subscriber: Subscriber): void {
    const notices = [...subscriber.pending.values()];
    subscriber.pending.clear();
    if (notices.length === 0) {
      subscriber.pause = null;
      return;
    }
    subscriber.pause = setTimeout(() => this.#tell(subscriber), PAUSE_MS);
    subscriber.pause.unref();
    subscriber.hear(notices);
  }

  #drop(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    subscriber.pending.clear();
    if (subscriber.pause) clearTimeout(subscriber.pause);
    subscriber.pause = null;
  }
}
