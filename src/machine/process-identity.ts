import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names one process for all time on all machines: a pid alone is given again to another. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own notation; compared, never computed with. */
  readonly startTime: string;
  /** Differs after every boot of the machine. */
  readonly bootId: string;
  readonly host: string;
}

/** The identity of a running process of this machine (by default this one), null if there is no such process. Blocks; forks `ps` off Linux. */
export function identifyProcess(pid: number = process.pid): ProcessIdentity | null {
  const startTime = readStartTime(pid);
  return startTime === null ? null : { pid, startTime, bootId: readBootId(), host: hostname() };
}

/** Whether that very process still runs. Null when this machine cannot know: it runs, or ran, on another host. Blocks. */
export function isProcessAlive(identity: ProcessIdentity): boolean | null {
  if (identity.host !== hostname()) return null;
  if (identity.bootId !== readBootId()) return false;
  return readStartTime(identity.pid) === identity.startTime;
}

/** Linux: field 22 of /proc/PID/stat (proc_pid_stat(5)), in clock ticks since boot; a zombie counts as gone. */
function readStartTime(pid: number): string | null {
  if (process.platform !== 'linux') return ask('ps', ['-o', 'lstart=', '-p', String(pid)]);
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command, in parentheses, may itself hold spaces and parentheses: count the fields from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

let bootId: string | undefined;
function readBootId(): string {
  bootId ??=
    process.platform === 'linux'
      ? readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
      : (ask('sysctl', ['-n', 'kern.boottime']) ?? 'unknown');
  return bootId;
}

function ask(command: string, args: readonly string[]): string | null {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || null;
  } catch {
    return null;
  }
}
