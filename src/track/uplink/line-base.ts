import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { LineBase } from '../wire/wandb-record.ts';
import { openLogFile } from './log-file.ts';
import type { LogEnd } from './log-tail.ts';
import { RunLog } from './run-log.ts';

/**
 * Settles from which lines a log counts on whose writer is gone, and returns it; null when the log is longer than `end` says, so
 * that it must be read on first. Of several processes that do this at once with different answers from the server, the first
 * decides; then all write the same bytes behind the last whole record. Torn bytes there, which nobody can read, give way. A
 * log that is corrupt is left alone: then only the file beside it tells. Blocks; throws as `node:fs` does, for instance when
 * the folder may not be written.
 */
export function settleBase(logPath: string, end: LogEnd, proposed: LineBase): LineBase | null {
  if (end.damage?.kind !== 'corrupt' && statSync(logPath).size !== end.seenBytes) return null;
  const base = decide(`${logPath}.base`, proposed);
  if (end.damage?.kind === 'corrupt') return base;
  const file = openLogFile(logPath);
  const log = new RunLog(file, {
    onTrouble: () => undefined,
    monotonic: () => performance.now(),
    position: end.bytes,
    records: end.records,
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
