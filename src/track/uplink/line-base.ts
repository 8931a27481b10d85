import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { LineBase } from '../wire/wandb-record.ts';
import { openLogFile } from './log-file.ts';
import { RunLog } from './run-log.ts';

/**
 * Writes into a log whose writer is gone from which lines it counts on, behind its last whole record, and returns the base
 * that holds: of several processes that do this at once with different answers from the server, the first decides, and all
 * write the same bytes to the same place. Torn bytes at the end, which nobody can read, give way. Blocks; throws as
 * `node:fs` does, for instance when the folder may not be written.
 */
export function settleBase(logPath: string, extent: { bytes: number; records: number }, proposed: LineBase): LineBase {
  const base = decide(`${logPath}.base`, proposed);
  const file = openLogFile(logPath);
  const log = new RunLog(file, {
    onTrouble: () => undefined,
    monotonic: () => performance.now(),
    position: extent.bytes,
    records: extent.records,
  });
  try {
    log.append({ type: 'header', producer: 'trackside', base });
    if (log.isHolding) throw new Error(`${logPath} cannot be written; make room on the disk and sync again`);
    file.truncate(log.position);
  } finally {
    log.close();
  }
  return base;
}

/** The content of a file that the first caller makes, whole and at once. */
function decide(path: string, proposed: LineBase): LineBase {
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(draft, JSON.stringify(proposed));
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const { history, system, console } = JSON.parse(readFileSync(path, 'utf8')) as LineBase;
  return { history: Number(history), system: Number(system), console: Number(console) };
}
