import { readLocalKey } from '../../machine/credentials.ts';
import { homeFolder } from '../../machine/home-folder.ts';
import { readNetrcKey } from '../../machine/netrc.ts';
import { readSettings } from '../../machine/settings.ts';

export type Mode = 'online' | 'offline' | 'disabled';
export type Resume = 'allow' | 'must' | 'never' | 'auto';

/** What a run is begun with. What is left out comes from the environment variable named, then from the project's settings. */
export interface InitOptions {
  /** `WANDB_PROJECT`; else "uncategorized". */
  readonly project?: string;
  /** `WANDB_ENTITY`; else the key holder's own. */
  readonly entity?: string;
  /** `WANDB_RUN_ID`; else made up. 1 to 128 characters, none of `/\#?%:`. */
  readonly id?: string;
  /** How people see it: `WANDB_NAME`; else the server makes one up. */
  readonly name?: string;
  /**
   * `WANDB_RESUME`. `allow`: go on with the run of this id if there is one; `must`: refuse if there is none; `never`: refuse if
   * there is one; `auto`: go on with this folder's last run if it did not end well. Left out: rows are added behind those that
   * a run of this id has.
   */
  readonly resume?: Resume;
  readonly config?: Readonly<Record<string, unknown>>;
  /** `WANDB_TAGS`, separated by commas. */
  readonly tags?: readonly string[];
  /** `WANDB_RUN_GROUP` */
  readonly group?: string;
  /** `WANDB_JOB_TYPE` */
  readonly jobType?: string;
  /** `WANDB_NOTES` */
  readonly notes?: string;
  /** `WANDB_MODE`; else online. Offline keeps the log for `trackside sync`; disabled does nothing at all. */
  readonly mode?: Mode;
  /** The folder that gets `wandb/`: `WANDB_DIR`; else the working folder. */
  readonly dir?: string;
  readonly settings?: TrackerSettings;
}

export interface TrackerSettings {
  /** Says nothing on the terminal: `WANDB_SILENT`; else false. */
  readonly silent?: boolean;
  /** Keeps what the program writes to its outputs; true unless `WANDB_CONSOLE` is `off`. */
  readonly console?: boolean;
  /** Milliseconds between two readings of the machine, 0 for none; 15,000. */
  readonly readMachineEveryMs?: number;
  /** How long `init` waits for the server when a run is resumed, in milliseconds; 30,000. */
  readonly initTimeoutMs?: number;
  /** How long the server may be out of reach once the run has ended, in milliseconds; 30,000. */
  readonly finishTimeoutMs?: number;
  /** The same when the process exits without `finish()`, which blocks the exit; 5,000. */
  readonly exitTimeoutMs?: number;
  /** Ends the run with 128 + its number on SIGINT and SIGTERM, then lets the signal act as if it had not been caught; false. */
  readonly catchSignals?: boolean;
  /** Where to upload to and with which key: `WANDB_BASE_URL`, `WANDB_API_KEY`, else settings files, `.netrc` and this user's own server. */
  readonly server?: string;
  readonly apiKey?: string;
}

/** Options with nothing left open. */
export interface ResolvedOptions {
  readonly project: string;
  readonly entity: string;
  readonly id: string | null;
  readonly name: string;
  readonly resume: Resume | null;
  readonly config: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
  readonly group: string;
  readonly jobType: string;
  readonly notes: string;
  readonly mode: Mode;
  readonly dir: string;
  readonly sweep: string;
  readonly server: string;
  readonly apiKey: string | null;
  readonly settings: Required<Omit<TrackerSettings, 'server' | 'apiKey'>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

const OWN_SERVER = 'http://127.0.0.1:7878';

/** Options, environment and settings files put together. Throws on values that are no such thing, naming where they came from. */
export function resolveOptions(options: InitOptions, env: Environment): ResolvedOptions {
  const settings = options.settings ?? {};
  const found = readSettings({
    env,
    flags: { server: settings.server, entity: options.entity, project: options.project },
  });
  const server = (found.server?.value ?? OWN_SERVER).replace(/\/+$/, '');
  const mode =
    oneOf<Mode>(['online', 'offline', 'disabled'], options.mode, env, 'WANDB_MODE', { dryrun: 'offline' }) ?? 'online';
  return {
    project: found.project?.value ?? 'uncategorized',
    entity: found.entity?.value ?? '',
    id: checkId(options.id ?? (env['WANDB_RUN_ID'] || null)),
    name: options.name ?? env['WANDB_NAME'] ?? '',
    resume:
      oneOf<Resume>(['allow', 'must', 'never', 'auto'], options.resume, env, 'WANDB_RESUME', { true: 'auto' }) ?? null,
    config: options.config ?? {},
    tags:
      options.tags ??
      (env['WANDB_TAGS'] ?? '')
        .split(',')
        .map((tag) => tag.trim())
        .filter((tag) => tag !== ''),
    group: options.group ?? env['WANDB_RUN_GROUP'] ?? '',
    jobType: options.jobType ?? env['WANDB_JOB_TYPE'] ?? '',
    notes: options.notes ?? env['WANDB_NOTES'] ?? '',
    mode,
    dir: options.dir ?? (env['WANDB_DIR'] || process.cwd()),
    sweep: env['WANDB_SWEEP_ID'] ?? '',
    server,
    apiKey: settings.apiKey ?? (env['WANDB_API_KEY'] || findKey(server, env)),
    settings: {
      silent: settings.silent ?? /^(1|true|yes)$/i.test(env['WANDB_SILENT'] ?? ''),
      console: settings.console ?? env['WANDB_CONSOLE'] !== 'off',
      readMachineEveryMs: settings.readMachineEveryMs ?? 15_000,
      initTimeoutMs: settings.initTimeoutMs ?? 30_000,
      finishTimeoutMs: settings.finishTimeoutMs ?? 30_000,
      exitTimeoutMs: settings.exitTimeoutMs ?? 5000,
      catchSignals: settings.catchSignals ?? false,
    },
  };
}

function oneOf<T extends string>(
  allowed: readonly T[],
  option: T | undefined,
  env: Environment,
  variable: string,
  synonyms: Readonly<Record<string, T>>,
): T | undefined {
  const text = option ?? env[variable];
  if (text === undefined || text === '') return undefined;
  const value = synonyms[text] ?? allowed.find((each) => each === text);
  if (value !== undefined) return value;
  const origin = option === undefined ? variable : variable.slice('WANDB_'.length).toLowerCase();
  throw new TypeError(`${origin} is ${JSON.stringify(text)}; it may be ${allowed.join(', ')}`);
}

/** W&B's rule for run ids. */
function checkId(id: string | null): string | null {
  // oxlint-disable-next-line no-control-regex -- control characters are what it keeps out
  if (id === null || /^[^/\\#?%:\u0000-\u001f]{1,128}$/.test(id)) return id;
  throw new TypeError(`the run id ${JSON.stringify(id)} will not do: 1 to 128 characters, none of / \\ # ? % :`);
}

/** The key that the user has put down for this server. */
function findKey(server: string, env: Environment): string | null {
  try {
    const isOwn = ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(server).hostname);
    return readNetrcKey(server, env) ?? (isOwn ? readLocalKey(homeFolder(env)) : null);
  } catch {
    return null;
  }
}
