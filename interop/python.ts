import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isSkipped } from './required.ts';

/** The versions of the official client that the tests drive: the newest, and an older one. */
export const CLIENT_VERSIONS = ['0.31.0', '0.28.2'] as const;
export type ClientVersion = (typeof CLIENT_VERSIONS)[number];

function environmentOf(version: ClientVersion): string {
  return fileURLToPath(new URL(`../.venv-wandb-${version}`, import.meta.url));
}

/** The client's Python. Throws when it is not installed: guard tests with `isPythonSkipped`. */
export function pythonOf(version: ClientVersion): string {
  return `${environmentOf(version)}/bin/python`;
}

/** The `wandb` command of that version. */
export function wandbCommandOf(version: ClientVersion): string {
  return `${environmentOf(version)}/bin/wandb`;
}

/** Whether tests with the official client are to be skipped on this machine. */
export function isPythonSkipped(): boolean {
  const missing = CLIENT_VERSIONS.filter((version) => !existsSync(wandbCommandOf(version)));
  return isSkipped(
    'python',
    missing.length === 0,
    `wandb ${missing.join(', ')} is missing: run interop/install-python.sh`,
  );
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, at most `withinMs`; then it is killed and this rejects. */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly withinMs?: number },
): Promise<Ended> {
  return new Promise((done, reject) => {
    const { cwd, env, withinMs = 150_000 } = options;
    const limits = { timeout: withinMs, killSignal: 'SIGKILL', maxBuffer: 64 * 2 ** 20 } as const;
    execFile(command, args, { cwd, env, ...limits }, (error, stdout, stderr) => {
      if (error?.killed === true) reject(new Error(`${command} took more than ${withinMs} ms\n${stdout}\n${stderr}`));
      else done({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
  });
}
