import type { Project } from '../../core/model/project.ts';
import type { ProjectKey } from '../../core/model/run.ts';

export interface ProjectWithCounts extends Project {
  readonly runs: number;
  readonly running: number;
  /** Latest heartbeat of its runs, or its creation. */
  readonly activeAt: number;
}

export interface ProjectStore {
  /** The project, made if it is missing. `not_found` if there is no such entity. */
  open(entity: string, name: string, user: string): Promise<Project>;
  find(entity: string, name: string): Promise<Project | null>;
  /** Projects of these entities, most recently active first. */
  list(entities: readonly string[]): Promise<readonly ProjectWithCounts[]>;
  edit(key: ProjectKey, patch: { description?: string | null }): Promise<Project>;
  /** Removes it with all its runs and frees their space (in the background). */
  delete(key: ProjectKey): Promise<boolean>;
}
