import { statfsSync } from 'node:fs';
import { arch, cpus, hostname, release, totalmem, type, userInfo } from 'node:os';
import { readGitState } from './git-state.ts';

/** What a run's page tells about the program and its machine, under W&B's names; sizes in bytes, as text. Blocks for a few system calls. */
export function describeEnvironment(startedAt: number): Record<string, unknown> {
  const processors = cpus();
  const program = process.argv[1] ?? '';
  return {
    os: `${type()}-${release()}-${arch()}`,
    startedAt: new Date(startedAt).toISOString(),
    args: process.argv.slice(2),
    program,
    git: readGitState(process.cwd()),
    root: process.cwd(),
    host: hostname(),
    username: userName(),
    executable: process.execPath,
    cpu_count: processors.length,
    cpu_count_logical: processors.length,
    cpu: { model: processors[0]?.model ?? '' },
    memory: { total: String(totalmem()) },
    disk: diskFacts(),
    ...slurmFacts(),
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container a user number may have no name.
    return '';
  }
}

function diskFacts(): Record<string, { total: string; used: string }> {
  try {
    const { blocks, bavail, bsize } = statfsSync('/');
    return { '/': { total: String(blocks * bsize), used: String((blocks - bavail) * bsize) } };
  } catch {
    return {};
  }
}

/** Slurm's variables, `SLURM_JOB_ID` as `job_id`. */
function slurmFacts(): { slurm?: Record<string, string> } {
  const entries = Object.entries(process.env).filter(([name]) => name.startsWith('SLURM_'));
  if (entries.length === 0) return {};
  return { slurm: Object.fromEntries(entries.map(([name, value]) => [name.slice(6).toLowerCase(), value ?? ''])) };
}
