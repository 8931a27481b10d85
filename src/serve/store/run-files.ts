import type { RunKey } from '../../core/model/run.ts';
import type { RunFile } from '../../core/model/run-file.ts';

export interface RunFileStore {
  /** Records that the bytes of a file have arrived; replaces an earlier file of that name and returns its blob, if another. */
  put(run: RunKey, file: RunFile): Promise<{ replaced: string | null }>;
  get(run: RunKey, name: string): Promise<RunFile | null>;
  /** By name. `like` is SQL's LIKE (`%`, `_`). */
  list(
    run: RunKey,
    page: { like?: string; names?: readonly string[]; after?: string; limit: number },
  ): Promise<readonly RunFile[]>;
  count(run: RunKey): Promise<number>;
  /** Returns the blobs that nothing names any more. */
  delete(run: RunKey, names: readonly string[]): Promise<readonly string[]>;
  /**
   * Blobs whose bytes may go: what named them was replaced or deleted, with its run or project too. They stay listed, over
   * restarts, until `forgetOrphans`, which is called when the bytes are gone.
   */
  orphans(limit: number): Promise<readonly string[]>;
  forgetOrphans(blobs: readonly string[]): Promise<void>;
}
