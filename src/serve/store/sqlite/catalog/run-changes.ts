import type { DatabaseSync } from 'node:sqlite';
import { statement } from '../statements.ts';
import { TOMBSTONES_KEPT } from './deletion.ts';
import { lastRev } from './rev.ts';

/** Runs of a project, by their keys, that are not what they were when last asked. */
export interface ChangedRuns {
  readonly gone: readonly number[];
  /** Changed or new. */
  readonly changed: readonly number[];
  /** Those of `changed` whose config or notes are other ones. */
  readonly rewritten: readonly number[];
}

/** Follows the runs of one project from snapshot to snapshot, by the store's change counter. */
export class RunChanges {
  readonly #project: number;
  #rev: number | undefined;

  constructor(project: number) {
    this.#project = project;
  }

  /**
   * What changed since the last call, as of the snapshot that `db` reads. `gone` may name runs of other projects. Null when
   * it cannot be known: at the first call, or when too many were deleted; then everything is to be read anew.
   */
  next(db: DatabaseSync): ChangedRuns | null {
    const since = this.#rev;
    this.#rev = lastRev(db);
    if (since === undefined) return null;
    if (since === this.#rev) return { gone: [], changed: [], rewritten: [] };
    const tombstones = statement(db, 'select run from gone where rev > ? limit ?').all(since, TOMBSTONES_KEPT);
    if (tombstones.length === TOMBSTONES_KEPT) return null;
    const sql = 'select key, text_rev from run where rev > ? and project = ?';
    const runs = statement(db, sql).all(since, this.#project) as unknown as { key: number; text_rev: number }[];
    return {
      gone: tombstones.map((row) => row['run'] as number),
      changed: runs.map(({ key }) => key),
      rewritten: runs.filter((run) => run.text_rev > since).map(({ key }) => key),
    };
  }
}
