import type { Project } from '../../core/model/project.ts';
import type { RunKey } from '../../core/model/run.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { Store } from '../store/store.ts';

const PAGE = 500;

/**
 * Removes the bytes of files whose owner is deleted. The names are gathered first and the bytes go last: whoever is killed
 * in between leaves bytes that nothing names, never a name without bytes.
 */
export class BlobRemoval {
  readonly #store: Store;
  readonly #blobs: Blobs;

  constructor(store: Store, blobs: Blobs) {
    this.#store = store;
    this.#blobs = blobs;
  }

  async ofRun(run: RunKey): Promise<string[]> {
    const found: string[] = [];
    let after: string | undefined;
    do {
      const files = await this.#store.files.list(run, { limit: PAGE, ...(after === undefined ? {} : { after }) });
      for (const file of files) found.push(file.blob);
      after = files.length === PAGE ? files.at(-1)?.name : undefined;
    } while (after !== undefined);
    return found;
  }

  async ofProject(project: Project): Promise<string[]> {
    const found: string[] = [];
    for (let offset = 0; ; offset += PAGE) {
      const page = { project: project.key, filter: null, order: [], offset, limit: PAGE };
      const { rows } = await this.#store.runs.table(page, []);
      for (const row of rows) found.push(...(await this.ofRun(row.key)));
      if (rows.length < PAGE) return found;
    }
  }

  async ofEntity(entity: string): Promise<string[]> {
    const found: string[] = [];
    for (const project of await this.#store.projects.list([entity])) found.push(...(await this.ofProject(project)));
    return found;
  }

  /** Removes these bytes; those that are gone already are no fault. */
  async remove(blobs: readonly string[]): Promise<void> {
    for (const blob of blobs) await this.#blobs.delete(blob);
  }
}
