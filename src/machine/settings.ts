import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Refusal } from '../core/model/refusal.ts';
import { type Environment, homeFolder } from './home-folder.ts';
import { projectFolder } from './project-folder.ts';

/** Loaded when there is a file to read: it is the better part of what a short command would load. */
const yaml = (): typeof import('yaml') => createRequire(import.meta.url)('yaml') as typeof import('yaml');

/** What can be set, and the environment variable that sets it. The same names serve as keys of the two files. */
const VARIABLES = {
  server: 'WANDB_BASE_URL',
  entity: 'WANDB_ENTITY',
  project: 'WANDB_PROJECT',
} as const;
export type SettingName = keyof typeof VARIABLES;

/** A value and where it came from, for people: "--server", "WANDB_BASE_URL", or the path of a file. */
export interface Setting {
  readonly value: string;
  readonly origin: string;
}
export type Settings = Readonly<Record<SettingName, Setting | null>>;

/**
 * The settings that hold in `cwd`. The first that is set wins: flag, environment, `trackside.yaml` in the project's
 * folder, `config.yaml` in `$TRACKSIDE_HOME`. Reads two small files; blocks. A file that is no YAML mapping, or holds a
 * setting that is no text, is refused with its path; a key that is no setting is left to others.
 */
export function readSettings(
  from: {
    readonly cwd?: string;
    readonly env?: Environment;
    readonly flags?: Readonly<Partial<Record<SettingName, string | undefined>>>;
  } = {},
): Settings {
  const env = from.env ?? process.env;
  const files = [join(projectFolder(from.cwd ?? process.cwd()), 'trackside.yaml'), userFile(homeFolder(env))];
  const written = files.map((path) => ({ path, values: readMapping(path) }));

  const find = (name: SettingName): Setting | null => {
    const flag = from.flags?.[name];
    if (flag) return { value: flag, origin: `--${name}` };
    const variable = VARIABLES[name];
    const value = env[variable];
    if (value) return { value, origin: variable };
    for (const file of written) {
      const text = file.values[name];
      if (text === undefined || text === null || text === '') continue;
      if (typeof text !== 'string') throw new Refusal('bad_request', `${file.path}: \`${name}\` must be text.`);
      return { value: text, origin: file.path };
    }
    return null;
  };
  return { server: find('server'), entity: find('entity'), project: find('project') };
}

/** Makes this the user's server, in `config.yaml` in `home`; what else is there stays, comments too. Blocks. */
export function rememberServer(home: string, server: string): void {
  const path = userFile(home);
  readMapping(path); // Refuses a file that would be made worse.
  const document = yaml().parseDocument(readText(path) ?? '');
  document.set('server', server);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  writeFileSync(path, document.toString());
}

function userFile(home: string): string {
  return join(home, 'config.yaml');
}

function readMapping(path: string): Readonly<Record<string, unknown>> {
  const text = readText(path);
  if (text === null) return {};
  let value: unknown;
  try {
    value = yaml().parse(text);
  } catch (error) {
    throw new Refusal('bad_request', `${path} is not valid YAML: ${firstLine((error as Error).message)}.`);
  }
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new Refusal(
      'bad_request',
      `${path} must hold \`name: value\` lines, such as \`server: http://127.0.0.1:7878\`.`,
    );
  }
  return value as Record<string, unknown>;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Refusal('bad_request', `${path} cannot be read (${(error as Error).message}); mend or remove it.`);
  }
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/[.:]$/, '');
}
