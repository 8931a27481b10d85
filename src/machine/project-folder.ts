import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const MARKS = ['trackside.yaml', 'recipes', 'experiments', '.git'] as const;

/**
 * The folder of the project that `cwd` lies in: the nearest upward, itself included, that holds `trackside.yaml`,
 * `recipes/`, `experiments/` or `.git`; else `cwd`. Absolute.
 */
export function projectFolder(cwd: string): string {
  const start = resolve(cwd);
  for (let folder = start; ; folder = dirname(folder)) {
    if (MARKS.some((mark) => existsSync(join(folder, mark)))) return folder;
    if (folder === dirname(folder)) return start;
  }
}
