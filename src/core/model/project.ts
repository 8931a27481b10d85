import type { ProjectKey } from './run.ts';

/** A named set of runs under an entity. Times in milliseconds since the epoch. */
export interface Project {
  readonly key: ProjectKey;
  readonly entity: string;
  readonly name: string;
  readonly description: string | null;
  readonly createdAt: number;
  /** Who made it. */
  readonly user: string;
}
