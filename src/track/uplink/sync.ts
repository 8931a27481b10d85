import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isProcessAlive } from '../../machine/process-identity.ts';
import type { LogWriter } from '../wire/wandb-record.ts';
import { settleBase } from './line-base.ts';
import { folderOfLog, isMarkedSynced, syncedMark } from './run-folder.ts';
import type { ServerAddress } from './server-link.ts';
import { DEFAULT_PACE, type StartedRun, Uplink, type UplinkOutcome } from './uplink.ts';

/** A log on another machine that has not grown for this long is taken for ended. */
const QUIET_MS = 2 * 60_000;

export interface SyncOptions {
  readonly server: ServerAddress;
  /** Also what is marked as synced. */
  readonly force: boolean;
  /** How long the server may be out of reach, in milliseconds. */
  readonly patienceMs: number;
  readonly on: {
    started(run: StartedRun): void;
    notice(text: string): void;
    progress(rows: number): void;
  };
}

/**
 * The logs at a path: the log itself, that of a run's folder, or those of all run folders in a `wandb` folder, oldest first.
 * Symbolic links such as `latest-run` are followed only when named. Throws as `node:fs` does when the path is not there.
 */
export function findLogs(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path, { withFileTypes: true });
  const logs = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.wandb'))
    .map((entry) => join(path, entry.name));
  if (logs.length > 0) return logs;
  const folders = entries.filter((entry) => entry.isDirectory() && /^(?:offline-)?run-/.test(entry.name));
  const found = folders.flatMap((folder) => findLogs(join(path, folder.name)));
  if (found.length > 0) return found.sort((a, b) => dateOf(a).localeCompare(dateOf(b)));
  return entries.some((entry) => entry.isDirectory() && entry.name === 'wandb') ? findLogs(join(path, 'wandb')) : [];
}

/** The date and time in a run folder's name. */
function dateOf(logPath: string): string {
  return /run-(\d{8}_\d{6})-/.exec(logPath)?.[1] ?? '';
}

/**
 * Uploads one log, whoever wrote it: what the tracker's thread does, run later. A log that is marked as synced is left alone
 * unless forced; sending one again changes nothing. A log that is still written is sent as far as it goes, and not marked.
 */
export async function syncLog(
  logPath: string,
  options: SyncOptions,
): Promise<UplinkOutcome | { readonly kind: 'skipped' }> {
  if (!options.force && isMarkedSynced(logPath)) return { kind: 'skipped' };
  const uplink = new Uplink({
    logPath,
    filesFolder: folderOfLog(logPath).filesFolder,
    server: options.server,
    pace: DEFAULT_PACE,
    resume: null,
    follow: false,
    isWriterAlive: (writer) => mayGrow(logPath, writer),
    patienceMs: () => options.patienceMs,
    recordBase: (base, end, isGrowing) => {
      // Only the end of the log shows that it holds no base.
      if (end.damage?.kind !== 'corrupt' && statSync(logPath).size > end.seenBytes) return null;
      if (isGrowing) {
        throw new Error('its program still runs and has not reached the server; sync again when it has ended');
      }
      if (isMarkedSynced(logPath) && base.history > 0) {
        throw new Error(
          'another program has uploaded it, and its rows would be there twice; delete the run on the server to send it anew',
        );
      }
      return settleBase(logPath, end, base);
    },
    on: { ...options.on, stopRequested: () => undefined },
  });
  const outcome = await uplink.run();
  if (outcome.kind === 'synced' && !outcome.open && outcome.damage === null) writeFileSync(syncedMark(logPath), '');
  return outcome;
}

function mayGrow(logPath: string, writer: LogWriter | null): boolean {
  if (writer === null) return false;
  return isProcessAlive(writer) ?? Date.now() - statSync(logPath).mtimeMs < QUIET_MS;
}
