import type { Axis, SeriesColumns } from '../../core/query/series.ts';

/** One series of one run of the project that the store serves. */
export interface SeriesName {
  readonly run: string;
  readonly stream: 'history' | 'system';
  readonly key: string;
}

/** What of a series is asked: the axis, the part of it (all, where a bound is absent) and how finely. */
export interface SeriesWindow {
  readonly axis: Axis;
  readonly from?: number;
  readonly to?: number;
  readonly buckets: number;
}

export type SeriesLoader = (
  series: readonly SeriesName[],
  window: SeriesWindow,
  signal: AbortSignal,
) => Promise<readonly (SeriesColumns | null)[]>;

/** `null` columns: the run has no such series. `error` is told to people; the last columns stay beside it. */
export interface SeriesEntry {
  readonly columns: SeriesColumns | null | undefined;
  readonly error: string | null;
}

interface Held {
  readonly name: SeriesName;
  readonly window: SeriesWindow;
  entry: SeriesEntry;
  stale: boolean;
  loading: boolean;
  watchers: Set<() => void>;
}

const SERIES_PER_REQUEST_MAX = 500;
/** Some 36 kB each. */
const HELD_MAX = 1_500;
/** Panels of one screen come to life within this time and share one request. */
const GATHER_MS = 4;
/** A running run changes many times a second; its charts are read again at most this often. */
const AGAIN_MS = 500;
const RETRY_MS = 3_000;

/**
 * The series that panels show, by name and window. A watched series is loaded, loaded again when it is marked changed, and
 * keeps its last columns meanwhile, so nothing flickers. What panels of one screen want together travels in one request.
 * Series that nobody watches are kept for a while, the oldest are let go first.
 */
export class SeriesStore {
  readonly #load: SeriesLoader;
  readonly #held = new Map<string, Held>();
  readonly #stopped = new AbortController();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #timerAt = 0;
  #flushedAt = -AGAIN_MS;

  constructor(load: SeriesLoader) {
    this.#load = load;
  }

  /** What is known now; `columns` is undefined before the first answer. */
  read(name: SeriesName, window: SeriesWindow): SeriesEntry {
    return this.#held.get(identity(name, window))?.entry ?? NOTHING;
  }

  /** Keeps these series fresh until the returned function is called; `changed` is called after each change of any. */
  watch(names: readonly SeriesName[], window: SeriesWindow, changed: () => void): () => void {
    const watched = names.map((name) => this.#hold(name, window));
    for (const held of watched) held.watchers.add(changed);
    if (watched.some((held) => held.stale && !held.loading)) this.#flushIn(GATHER_MS);
    return () => {
      for (const held of watched) held.watchers.delete(changed);
      this.#letGo();
    };
  }

  /** The run has new rows: what is watched of it is read again soon. Without a run: everything. */
  markChanged(run: string | null, streams: readonly SeriesName['stream'][]): void {
    let wanted = false;
    for (const held of this.#held.values()) {
      if (run !== null && (held.name.run !== run || !streams.includes(held.name.stream))) continue;
      held.stale = true;
      wanted ||= held.watchers.size > 0;
    }
    if (wanted) this.#flushIn(Math.max(GATHER_MS, this.#flushedAt + AGAIN_MS - performance.now()));
  }

  /** Ends all requests; nobody is called any more. */
  dispose(): void {
    this.#stopped.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#held.clear();
  }

  #hold(name: SeriesName, window: SeriesWindow): Held {
    const id = identity(name, window);
    const known = this.#held.get(id);
    if (known !== undefined) {
      this.#held.delete(id);
      this.#held.set(id, known);
      return known;
    }
    const made: Held = { name, window, entry: NOTHING, stale: true, loading: false, watchers: new Set() };
    this.#held.set(id, made);
    return made;
  }

  #letGo(): void {
    if (this.#held.size <= HELD_MAX) return;
    for (const [id, held] of this.#held) {
      if (held.watchers.size === 0 && !held.loading) this.#held.delete(id);
      if (this.#held.size <= HELD_MAX) return;
    }
  }

  #flushIn(delayMs: number): void {
    const at = performance.now() + delayMs;
    if (this.#timer !== null) {
      if (this.#timerAt <= at) return;
      clearTimeout(this.#timer);
    }
    this.#timerAt = at;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#flush();
    }, delayMs);
  }

  #flush(): void {
    if (this.#stopped.signal.aborted) return;
    this.#flushedAt = performance.now();
    const byWindow = new Map<string, Held[]>();
    for (const held of this.#held.values()) {
      if (!held.stale || held.loading || held.watchers.size === 0) continue;
      const id = windowIdentity(held.window);
      const together = byWindow.get(id) ?? [];
      together.push(held);
      byWindow.set(id, together);
    }
    for (const together of byWindow.values())
      for (let at = 0; at < together.length; at += SERIES_PER_REQUEST_MAX)
        void this.#request(together.slice(at, at + SERIES_PER_REQUEST_MAX));
  }

  async #request(together: readonly Held[]): Promise<void> {
    const window = together[0]?.window;
    if (window === undefined) return;
    for (const held of together) {
      held.loading = true;
      held.stale = false;
    }
    const changed = new Set<() => void>();
    const settle = (held: Held, entry: SeriesEntry) => {
      held.loading = false;
      held.entry = entry;
      for (const watcher of held.watchers) changed.add(watcher);
    };
    try {
      const names = together.map((held) => held.name);
      const answer = await this.#load(names, window, this.#stopped.signal);
      for (const [index, held] of together.entries()) settle(held, { columns: answer[index] ?? null, error: null });
    } catch (error) {
      if (this.#stopped.signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      for (const held of together) {
        settle(held, { columns: held.entry.columns, error: message });
        held.stale = true;
      }
      this.#flushIn(RETRY_MS);
    }
    for (const watcher of changed) watcher();
    if (together.some((held) => held.stale && held.entry.error === null && held.watchers.size > 0))
      this.#flushIn(Math.max(GATHER_MS, this.#flushedAt + AGAIN_MS - performance.now()));
  }
}

const NOTHING: SeriesEntry = { columns: undefined, error: null };

function identity(name: SeriesName, window: SeriesWindow): string {
  return `${name.run}\n${name.stream}\n${name.key}\n${windowIdentity(window)}`;
}

/** Equal for windows that may share a request. */
export function windowIdentity({ axis, from, to, buckets }: SeriesWindow): string {
  return `${axis.kind} ${axis.key ?? ''} ${from ?? ''} ${to ?? ''} ${buckets}`;
}
