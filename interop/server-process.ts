import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The `trackside` command as it stands in the tree. */
export const SOURCE = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
/** The built command: what users start, so what is measured. */
export const BUILT = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

/** `trackside serve` in a process of its own, on a free port, with a home of its own. Disposing it ends it and removes the home. */
export class ServerProcess implements AsyncDisposable {
  /** The server's home: data, credentials. */
  readonly home = mkdtempSync(join(tmpdir(), 'trackside-server-'));
  readonly #args: readonly string[];
  readonly #command: string;
  #child: ChildProcess | null = null;
  #url = '';
  #apiKey = '';
  #log = '';

  private constructor(args: readonly string[], command: string) {
    this.#args = args;
    this.#command = command;
  }

  /** Starts a server; `args` go to `trackside serve`. Resolves when it is ready. */
  static async start(args: readonly string[] = [], command = SOURCE): Promise<ServerProcess> {
    const server = new ServerProcess(args, command);
    try {
      await server.#spawn(0);
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
    return server;
  }

  get url(): string {
    return this.#url;
  }

  get apiKey(): string {
    return this.#apiKey;
  }

  /** The number of the server's process. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Ends it as a power cut would, without a word, and waits until it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** Starts it again on the same home and port. */
  async restart(): Promise<void> {
    await this.kill();
    await this.#spawn(Number(new URL(this.#url).port));
  }

  /** What our REST answers; throws for anything but a success. `path` follows `/api/v1`. */
  async rest<T>(path: string): Promise<T> {
    return JSON.parse(await this.restText(path)) as T;
  }

  /** The same as text, for what `JSON.parse` would round. */
  async restText(path: string): Promise<string> {
    const response = await fetch(`${this.#url}/api/v1${path}`, { headers: this.#headers() });
    const text = await response.text();
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${text}`);
    return text;
  }

  /** What the W&B dialect answers to an operation: its data; throws for errors. */
  async graphql<T>(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const body = JSON.stringify({ query, variables });
    const response = await fetch(`${this.#url}/graphql`, { method: 'POST', headers: this.#headers(), body });
    const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
    if (errors !== undefined) throw new Error(`${response.status} ${JSON.stringify(errors)}`);
    return data;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.home, { recursive: true, force: true });
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#apiKey}`, 'content-type': 'application/json' };
  }

  async #spawn(port: number): Promise<void> {
    const args = [this.#command, 'serve', '--port', String(port), ...this.#args];
    const env = { ...process.env, TRACKSIDE_HOME: this.home, NO_COLOR: '1' };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.#log = (this.#log + chunk.toString()).slice(-20_000)));
    const note = join(this.home, 'server.json');
    while (!(await this.#isReady(note, child.pid))) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the server ended:\n${this.#log}`);
      await sleep(20);
    }
  }

  async #isReady(note: string, pid: number | undefined): Promise<boolean> {
    const credentials = join(this.home, 'credentials');
    if (!existsSync(note) || !existsSync(credentials)) return false;
    const { url, pid: served } = JSON.parse(readFileSync(note, 'utf8')) as { url: string; pid: number };
    if (served !== pid) return false; // the note of a killed one
    this.#url = url;
    this.#apiKey = /[\w-]{40,}/.exec(readFileSync(credentials, 'utf8'))?.[0] ?? '';
    const response = await fetch(`${url}/ready`).catch(() => null);
    return response?.ok === true;
  }
}
