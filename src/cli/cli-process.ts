import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line in real processes, with a home and a working folder of its own, for tests. Disposing ends all of them. */
export class CommandLine implements AsyncDisposable {
  readonly home = mkdtempSync(join(tmpdir(), 'trackside cli-'));
  readonly #children = new Set<ChildProcess>();
  readonly env: Record<string, string | undefined> = {
    ...process.env,
    TRACKSIDE_HOME: this.home,
    HOME: this.home,
    NO_COLOR: '1',
  };

  constructor() {
    for (const name of [
      'WANDB_BASE_URL',
      'WANDB_API_KEY',
      'WANDB_MODE',
      'NETRC',
      'TRACKSIDE_ADMIN_TOKEN',
      'SSH_CONNECTION',
      'SSH_CLIENT',
    ]) {
      delete this.env[name];
    }
  }

  /** Runs a verb to its end. */
  async run(...args: readonly string[]): Promise<Ended> {
    const child = this.start([MAIN, ...args]);
    let err = '';
    let out = '';
    child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
    await once(child, 'close');
    return { code: child.exitCode, out, err };
  }

  /** Starts `trackside serve --json` on a free port and gives what it says when it answers. Rejects when it ends before. */
  async serve(
    ...args: readonly string[]
  ): Promise<{ child: ChildProcess; url: string; loginUrl: string | null; pid: number }> {
    return this.firstWords(this.start([MAIN, 'serve', '--port', '0', '--json', ...args]));
  }

  /** Reads the one JSON document that a server says first. */
  async firstWords(
    child: ChildProcess,
  ): Promise<{ child: ChildProcess; url: string; loginUrl: string | null; pid: number }> {
    let err = '';
    child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const said = await new Promise<string>((resolve, reject) => {
      let out = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        out += chunk.toString();
        if (out.endsWith('}\n')) resolve(out);
      });
      child.once('close', (code) => reject(new Error(`it ended with ${code}: ${err}`)));
    });
    return { child, ...(JSON.parse(said) as { url: string; loginUrl: string | null; pid: number }) };
  }

  /** Starts Node with these arguments. */
  start(args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, args, { cwd: this.home, env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#children.add(child);
    child.once('close', () => this.#children.delete(child));
    return child;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    rmSync(this.home, { recursive: true, force: true });
  }
}
