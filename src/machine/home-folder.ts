import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Environment variables as a program sees them; `process.env` has this shape. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where this user's Trackside keeps its data, key and settings: `$TRACKSIDE_HOME`, else `~/.trackside`. Absolute. */
export function homeFolder(env: Environment): string {
  const chosen = env['TRACKSIDE_HOME'];
  return chosen ? resolve(chosen) : join(userFolder(env), '.trackside');
}

/** The user's own folder: `$HOME`, else what the system says. */
export function userFolder(env: Environment): string {
  return env['HOME'] || homedir();
}
