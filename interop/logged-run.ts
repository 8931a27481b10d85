import { readFileSync } from 'node:fs';
import type { ServerProcess } from './server-process.ts';

const UPSERT = `mutation UpsertBucket($id: String, $project: String, $name: String, $config: JSONString, $tags: [String!]) {
  upsertBucket(input: {name: $id, modelName: $project, displayName: $name, config: $config, tags: $tags}) {
    bucket { project { entity { name } } }
  }
}`;

export interface RunStart {
  readonly name?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly tags?: readonly string[];
}

/** A run written over the same two routes as the official client uses, row by row, as fast as a test wants it. */
export class LoggedRun {
  readonly id: string;
  readonly entity: string;
  readonly project: string;
  readonly #server: ServerProcess;
  #rows = 0;
  #lines = 0;

  private constructor(server: ServerProcess, entity: string, project: string, id: string) {
    this.#server = server;
    this.entity = entity;
    this.project = project;
    this.id = id;
  }

  static async start(server: ServerProcess, project: string, id: string, start: RunStart = {}): Promise<LoggedRun> {
    const config = Object.entries(start.config ?? {}).map(([key, value]) => [key, { value }]);
    const { upsertBucket } = await server.graphql<{
      upsertBucket: { bucket: { project: { entity: { name: string } } } };
    }>(UPSERT, {
      id,
      project,
      name: start.name ?? id,
      config: JSON.stringify(Object.fromEntries(config)),
      tags: start.tags ?? [],
    });
    return new LoggedRun(server, upsertBucket.bucket.project.entity.name, project, id);
  }

  /** The run's page. */
  get path(): string {
    return `/${this.entity}/${this.project}/runs/${this.id}`;
  }

  /** Logs rows; the summary is the last of them. NaN and infinities are written as the client writes them. */
  async log(rows: readonly Readonly<Record<string, number | string>>[]): Promise<void> {
    const content = rows.map((row, index) => line({ _step: this.#rows + index, ...row }));
    await this.send({
      files: {
        'wandb-history.jsonl': { offset: this.#rows, content },
        'wandb-summary.json': { offset: 0, content: content.slice(-1) },
      },
    });
    this.#rows += rows.length;
  }

  /** Writes output; each text is one line, control sequences and all. */
  async print(lines: readonly string[]): Promise<void> {
    const content = lines.map((text) => `${new Date().toISOString().slice(0, -1)} ${text}`);
    await this.send({ files: { 'output.log': { offset: this.#lines, content } } });
    this.#lines += lines.length;
  }

  async finish(exitcode: number): Promise<void> {
    await this.send({ complete: true, exitcode });
  }

  /** A body that the official client once sent, from `interop/recordings`. */
  async replay(recording: string): Promise<void> {
    await this.send(readFileSync(new URL(`recordings/${recording}`, import.meta.url), 'utf8'));
  }

  async send(body: string | object): Promise<void> {
    const response = await fetch(`${this.#server.url}/files/${this.entity}/${this.project}/${this.id}/file_stream`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#server.apiKey}`, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`file_stream: ${response.status} ${await response.text()}`);
  }
}

/** One row as the client writes it: JSON, but with bare NaN and infinities. */
function line(row: Readonly<Record<string, number | string>>): string {
  const pairs = Object.entries(row).map(([key, value]) => `${JSON.stringify(key)}:${looseText(value)}`);
  return `{${pairs.join(',')}}`;
}

function looseText(value: number | string): string {
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}
