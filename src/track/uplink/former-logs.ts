import { basename, dirname } from 'node:path';
import type { RunRecord } from '../wire/wandb-record.ts';
import { LogTail } from './log-tail.ts';
import { isMarkedSynced } from './run-folder.ts';
import { findLogs, syncLog, type SyncOptions } from './sync.ts';

/**
 * Sends what former parts of a run have left in the logs beside this one, oldest first, before the run goes on: their rows
 * belong before its own. A part that cannot be sent stays as it is.
 */
export async function syncFormerLogs(logPath: string, options: SyncOptions): Promise<void> {
  for (const path of findLogs(dirname(dirname(logPath)))) {
    if (path === logPath || basename(path) !== basename(logPath) || isMarkedSynced(path)) continue;
    try {
      if (isSamePlace(await runOf(path), await runOf(logPath))) await syncLog(path, options);
    } catch (error) {
      options.on.notice(`${path} was not sent: ${(error as Error).message}.`);
    }
  }
}

function isSamePlace(a: RunRecord | null, b: RunRecord | null): boolean {
  return a !== null && b !== null && a.entity === b.entity && a.project === b.project;
}

async function runOf(logPath: string): Promise<RunRecord | null> {
  const tail = new LogTail(logPath);
  for (;;) {
    const records = await tail.read();
    const run = records.find((record) => record.type === 'run');
    if (run || records.length === 0) return run ?? null;
  }
}
