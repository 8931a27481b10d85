import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LooseValue } from '../src/core/query/loose-json.ts';
import { parseLooseJson } from '../src/core/query/loose-json.ts';
import { type ClientVersion, type Ended, pythonOf, runProgram, wandbCommandOf } from './python.ts';
import type { ServerProcess } from './server-process.ts';

/** The official client of one version in a home of its own, set up for a server. Disposing it removes the home. */
export class Client implements Disposable {
  readonly version: ClientVersion;
  readonly home = mkdtempSync(join(tmpdir(), 'trackside-client-'));
  readonly #server: Pick<ServerProcess, 'url' | 'apiKey'>;

  constructor(version: ClientVersion, server: Pick<ServerProcess, 'url' | 'apiKey'>) {
    this.version = version;
    this.#server = server;
  }

  /** The project that tests with this client use, so that both versions share one server. */
  get project(): string {
    return `client-${this.version.replaceAll('.', '-')}`;
  }

  get env(): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      HOME: this.home,
      LANG: 'C.UTF-8',
      WANDB_BASE_URL: this.#server.url,
      WANDB_API_KEY: this.#server.apiKey,
      WANDB_PROJECT: this.project,
      WANDB_DIR: this.home,
      WANDB_ERROR_REPORTING: 'false',
      WANDB_SILENT: 'true',
      PYTHONUNBUFFERED: '1',
      PYTHONDONTWRITEBYTECODE: '1',
    };
  }

  /**
   * Runs a program of `interop/client/` and returns what it told by `tell()`: loose JSON, so that NaN and big integers
   * survive. Throws with the program's output when it fails, or takes longer than `withinMs` (150 s).
   */
  async run(
    program: string,
    args: readonly string[] = [],
    env: NodeJS.ProcessEnv = {},
    withinMs?: number,
  ): Promise<LooseValue> {
    const ended = await this.start(program, args, env, withinMs);
    const told = /^TOLD (.*)$/m.exec(ended.stdout)?.[1];
    if (ended.code !== 0 || told === undefined)
      throw new Error(`${program} ended with ${ended.code}\n${ended.stdout}\n${ended.stderr}`);
    return parseLooseJson(told);
  }

  /** Runs a program of `interop/client/` to its end, however that is. */
  async start(
    program: string,
    args: readonly string[] = [],
    env: NodeJS.ProcessEnv = {},
    withinMs = 150_000,
  ): Promise<Ended> {
    const path = fileURLToPath(new URL(`client/${program}`, import.meta.url));
    const options = { cwd: this.home, env: { ...this.env, ...env }, withinMs };
    return runProgram(pythonOf(this.version), [path, ...args], options);
  }

  /** Runs the `wandb` command to its end. */
  async wandb(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    return runProgram(wandbCommandOf(this.version), args, { cwd: this.home, env: { ...this.env, ...env } });
  }

  [Symbol.dispose](): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}
