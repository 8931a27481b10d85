import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** W&B's note of a folder's last run that has not ended well, which `resume: 'auto'` goes on with. */
function notePath(dir: string): string {
  return join(dir, 'wandb', 'wandb-resume.json');
}

/** The id of that run, null when there is none. */
export function readResumeNote(dir: string): string | null {
  try {
    const note = JSON.parse(readFileSync(notePath(dir), 'utf8')) as { run_id?: unknown };
    return typeof note.run_id === 'string' ? note.run_id : null;
  } catch {
    return null;
  }
}

export function writeResumeNote(dir: string, id: string): void {
  try {
    writeFileSync(notePath(dir), JSON.stringify({ run_id: id }));
  } catch {
    // Without it the next start is a new run, which is no harm to this one.
  }
}

export function removeResumeNote(dir: string): void {
  rmSync(notePath(dir), { force: true });
}
