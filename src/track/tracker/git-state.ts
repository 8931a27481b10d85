import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Remote address and commit of the Git work tree that holds a folder, read from its files; null outside of one. Blocks briefly. */
export function readGitState(folder: string): { remote: string; commit: string } | null {
  try {
    const gitFolder = findGitFolder(resolve(folder));
    if (gitFolder === null) return null;
    const common = readText(join(gitFolder, 'commondir'));
    const shared = common === null ? gitFolder : resolve(gitFolder, common);
    return { remote: readRemote(shared), commit: readCommit(gitFolder, shared) };
  } catch {
    return null;
  }
}

function findGitFolder(start: string): string | null {
  for (let folder = start; ; folder = dirname(folder)) {
    const path = join(folder, '.git');
    if (existsSync(path)) {
      if (statSync(path).isDirectory()) return path;
      // A worktree or submodule: the file says where.
      const target = /^gitdir: (.+)$/m.exec(readFileSync(path, 'utf8'))?.[1];
      return target === undefined ? null : resolve(folder, target.trim());
    }
    if (dirname(folder) === folder) return null;
  }
}

function readCommit(gitFolder: string, shared: string): string {
  const head = readText(join(gitFolder, 'HEAD')) ?? '';
  const ref = /^ref: (.+)$/.exec(head)?.[1];
  if (ref === undefined) return head;
  const loose = readText(join(gitFolder, ref)) ?? readText(join(shared, ref));
  if (loose !== null) return loose;
  const packed = readText(join(shared, 'packed-refs')) ?? '';
  return (
    packed
      .split('\n')
      .find((line) => line.endsWith(` ${ref}`))
      ?.split(' ')[0] ?? ''
  );
}

/** Without the name and password that an address may hold. */
function readRemote(shared: string): string {
  const config = readText(join(shared, 'config')) ?? '';
  const url = /\[remote "origin"\][^[]*?^\s*url\s*=\s*(.+)$/m.exec(config)?.[1]?.trim() ?? '';
  return url.replace(/^(\w+:\/\/)[^/@]*@/, '$1');
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}
