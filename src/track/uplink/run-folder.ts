import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Where the parts of one run lie, in W&B's layout. */
export interface RunFolder {
  readonly path: string;
  /** `run-<id>.wandb` */
  readonly logPath: string;
  /** `files/` */
  readonly filesFolder: string;
}

/** The parts of the run folder that holds this log. */
export function folderOfLog(logPath: string): RunFolder {
  const path = join(logPath, '..');
  return { path, logPath, filesFolder: join(path, 'files') };
}

/**
 * Makes `wandb/run-<date>_<time>-<id>` (`offline-run-…`) under `parent`, and points `wandb/latest-run` to it. Throws as
 * `node:fs` does. Two runs of one id in the same second get different names.
 */
export function createRunFolder(parent: string, id: string, isOffline: boolean, now: Date): RunFolder {
  const wandb = join(parent, 'wandb');
  mkdirSync(wandb, { recursive: true });
  for (let second = 0; ; second++) {
    const stamp = timeStamp(new Date(now.getTime() + second * 1000));
    const path = join(wandb, `${isOffline ? 'offline-run' : 'run'}-${stamp}-${id}`);
    try {
      mkdirSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST' && second < 60) continue;
      throw error;
    }
    mkdirSync(join(path, 'files'));
    pointLatest(wandb, path);
    return folderOfLog(join(path, `run-${id}.wandb`));
  }
}

/** Local time, `YYYYMMDD_HHMMSS`. */
function timeStamp(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${day}_${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}

function pointLatest(wandb: string, path: string): void {
  const draft = join(wandb, `.latest-run.${process.pid}`);
  try {
    rmSync(draft, { force: true });
    symlinkSync(basename(path), draft);
    renameSync(draft, join(wandb, 'latest-run'));
  } catch {
    // A convenience that not every file system has.
    rmSync(draft, { force: true });
  }
}

/** The official client's mark beside a log that has been sent whole. */
export function syncedMark(logPath: string): string {
  return `${logPath}.synced`;
}

export function isMarkedSynced(logPath: string): boolean {
  return existsSync(syncedMark(logPath));
}
