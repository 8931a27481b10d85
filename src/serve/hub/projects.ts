import type { Project } from '../../core/model/project.ts';
import type { ProjectWithCounts } from '../store/projects.ts';
import type { Store } from '../store/store.ts';
import type { HubProjects, Principal } from './hub.ts';
import type { KnownRuns } from './known-runs.ts';
import { demandOwner, maySee } from './permission.ts';

export class Projects implements HubProjects {
  readonly #store: Store;
  readonly #known: KnownRuns;
  readonly #deleted: () => void;

  /** `deleted` is called when something was. */
  constructor(store: Store, known: KnownRuns, deleted: () => void) {
    this.#store = store;
    this.#known = known;
    this.#deleted = deleted;
  }

  async list(who: Principal, entity?: string): Promise<readonly ProjectWithCounts[]> {
    if (entity === undefined) return this.#store.projects.list(who.user.entities);
    return maySee(who, entity) ? this.#store.projects.list([entity]) : [];
  }

  async find(who: Principal, entity: string | null, name: string): Promise<Project | null> {
    const owner = entity ?? who.user.username;
    return maySee(who, owner) ? this.#store.projects.find(owner, name) : null;
  }

  async delete(who: Principal, entity: string, name: string): Promise<boolean> {
    const project = await this.find(who, entity, name);
    if (!project) return false;
    demandOwner(who, { what: `The project ${entity}/${name}`, entity, user: project.user });
    const deleted = await this.#store.projects.delete(project.key);
    this.#known.forgetAll();
    this.#deleted();
    return deleted;
  }
}
