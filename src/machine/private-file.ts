import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';

/**
 * Files that hold a secret: readable by their owner alone (0600), in a folder of the owner's (0700 when made here),
 * written aside and put in place whole, so that nobody ever reads half of one.
 */

/** The text of the file, null if there is none. A file that others can read is closed to them first. Blocks. */
export function readPrivateFile(path: string): string | null {
  try {
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Writes or replaces the file. Blocks. */
export function writePrivateFile(path: string, text: string): void {
  const aside = writeAside(path, text);
  renameSync(aside, path);
}

/** The text of the file, made by `make` if it is missing. Of several makers at once one wins, and all get its text. Blocks. */
export function openPrivateFile(path: string, make: () => string): string {
  const before = readPrivateFile(path);
  if (before !== null) return before;
  const text = make();
  const aside = writeAside(path, text);
  try {
    linkSync(aside, path);
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readPrivateFile(path) ?? text;
  } finally {
    rmSync(aside, { force: true });
  }
}

function writeAside(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(aside, text, { mode: 0o600, flag: 'wx', flush: true });
  return aside;
}
