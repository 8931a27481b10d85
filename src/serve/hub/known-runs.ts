import type { RunState } from '../../core/model/run-state.ts';
import type { ProjectKey, Run, RunKey, RunPath } from '../../core/model/run.ts';
import type { Store } from '../store/store.ts';

/** What every message of a run's client needs, kept at hand. */
export interface KnownRun {
  readonly key: RunKey;
  readonly projectKey: ProjectKey;
  readonly path: RunPath;
  readonly state: RunState;
  readonly stopRequestedBy: string | null;
  readonly rev: number;
  /** The client has been told that somebody asked it to stop. */
  stopTold: boolean;
}

const KEPT = 10_000;

/**
 * Runs by their path, so that a message costs no search in the store. Only a cache: the hub, which alone changes runs,
 * tells it of every change (`note`), and what was not used for longest is dropped.
 */
export class KnownRuns {
  readonly #store: Store;
  readonly #runs = new Map<string, KnownRun>();
  /** Raised when something is forgotten, so that an answer that was under way is not kept. */
  #forgotten = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The run, from the cache or the store; null if there is none. */
  async find(path: RunPath): Promise<KnownRun | null> {
    const name = nameOf(path);
    const known = this.#runs.get(name);
    if (known) {
      this.#runs.delete(name);
      this.#runs.set(name, known);
      return known;
    }
    const asked = this.#forgotten;
    const project = await this.#store.projects.find(path.entity, path.project);
    const run = project && (await this.#store.runs.find(project.key, path.id));
    if (!run) return null;
    return asked === this.#forgotten ? this.note(run) : fresh(run, false);
  }

  /** Takes in the run as the store gave it; an older answer than what is known changes nothing. */
  note(run: Run): KnownRun {
    const name = nameOf(run);
    const known = this.#runs.get(name);
    if (known && known.key === run.key && known.rev > run.rev) return known;
    const next = fresh(run, run.stopRequestedBy !== null && (known?.stopTold ?? false));
    this.#runs.set(name, next);
    if (this.#runs.size > KEPT) this.#runs.delete(this.#runs.keys().next().value ?? name);
    return next;
  }

  forget(path: RunPath): void {
    this.#forgotten++;
    this.#runs.delete(nameOf(path));
  }

  forgetAll(): void {
    this.#forgotten++;
    this.#runs.clear();
  }
}

function fresh(run: Run, stopTold: boolean): KnownRun {
  const { key, projectKey, entity, project, id, state, stopRequestedBy, rev } = run;
  return { key, projectKey, path: { entity, project, id }, state, stopRequestedBy, rev, stopTold };
}

/** None of the three may hold a slash, so no two runs share it. */
function nameOf(path: RunPath): string {
  return `${path.entity}/${path.project}/${path.id}`;
}
