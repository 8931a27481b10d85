import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TRACKER = fileURLToPath(new URL('./index.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** Programs that use the tracker, as real processes in a folder and with a home of their own; for tests. */
export class Programs implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'trackside-tracker-'));
  readonly #children = new Set<ChildProcess>();
  #count = 0;
  readonly env: Record<string, string | undefined>;

  /** `server`: where they upload to, null for nowhere; `apiKey`: what they show there. */
  constructor(server: string | null, apiKey = 'k'.repeat(40)) {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(WANDB_|TRACKSIDE_|SLURM_|PMI|OMPI_|HOROVOD_|RANK$|NODE_|VITEST)/.test(name),
    );
    this.env = {
      ...Object.fromEntries(inherited),
      HOME: this.folder,
      TRACKSIDE_HOME: join(this.folder, 'home'),
      ...(server !== null && { WANDB_BASE_URL: server, WANDB_API_KEY: apiKey }),
    };
  }

  /** Starts a program whose text follows `import { init } from 'trackside'`. */
  start(text: string, env: Record<string, string> = {}): Program {
    const file = join(this.folder, `program-${this.#count++}.mts`);
    writeFileSync(file, `import { init } from ${JSON.stringify(TRACKER)};\n${text}`);
    const child = spawn(process.execPath, [file], {
      cwd: this.folder,
      env: { ...this.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#children.add(child);
    child.once('close', () => this.#children.delete(child));
    return new Program(child);
  }

  /** Runs a program to its end. */
  run(text: string, env: Record<string, string> = {}): Promise<Ended> {
    return this.start(text, env).ended;
  }

  /** The logs there are, oldest first. */
  logs(): string[] {
    const names = readdirSync(this.folder, { recursive: true, encoding: 'utf8' });
    return names
      .filter((name) => name.endsWith('.wandb') && !name.includes('latest-run'))
      .map((name) => join(this.folder, name))
      .toSorted();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One running program. */
export class Program {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  out = '';
  err = '';

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.on('data', (chunk: Buffer) => (this.out += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.err += chunk.toString()));
    this.ended = once(child, 'close').then(() => ({
      code: child.exitCode,
      signal: child.signalCode,
      out: this.out,
      err: this.err,
    }));
  }
}
