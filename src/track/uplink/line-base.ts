import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { LogDamage } from '../wire/wandb-log-reader.ts';
import type { LineBase } from '../wire/wandb-record.ts';
import { openLogFile } from './log-file.ts';
import { RunLog } from './run-log.ts';

/** Where a log ends, as far as it can be read. */
export interface LogEnd {
  /** Bytes and records up to the last whole one. */
  readonly bytes: number;
  readonly records: number;
  readonly damage: LogDamage | null;
}

/**
 * Settles from which lines a log counts on whose writer is gone, and returns it. Of several processes that do this at once with
 * different answers from the server, the first decides; then all write the same bytes behind the last whole record. Torn
 * bytes there, which nobody can read, give way. A log that is corrupt is left alone: then only the file beside it tells.
 * Blocks; throws as `node:fs` does, for instance when the folder may not be written.
 */
export function settleBase(logPath: string, end: LogEnd, proposed: LineBase): LineBase {
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
