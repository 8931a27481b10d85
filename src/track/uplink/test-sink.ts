import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface SunkFile {
  readonly offset: number;
  readonly content: readonly string[];
}
export interface SunkBody {
  readonly files?: Readonly<Record<string, SunkFile>>;
  readonly uploaded?: readonly string[];
  readonly complete?: boolean;
  readonly exitcode?: number;
}

/** What a sink has of one run. Lines lie at their offsets; one that was never sent is absent. */
export class SunkRun {
  readonly streams = new Map<string, (string | undefined)[]>();
  readonly files = new Map<string, Buffer>();
  readonly uploaded: string[] = [];
  config = '{}';
  displayName = '';
  fields: Record<string, unknown> = {};
  exitCode: number | null = null;
  /** A line was sent again with another content: what a real server would take for a rewritten history. */
  contradictions = 0;

  lines(stream: string): (string | undefined)[] {
    return this.streams.get(stream) ?? [];
  }

  get history(): Record<string, unknown>[] {
    return this.lines('wandb-history.jsonl').map(
      (line) => JSON.parse(strict(line ?? 'null')) as Record<string, unknown>,
    );
  }

  get summary(): Record<string, unknown> {
    return JSON.parse(strict(this.lines('wandb-summary.json').at(-1) ?? '{}')) as Record<string, unknown>;
  }

  get console(): string[] {
    return this.lines('output.log').map(
      (line) => (JSON.parse(line ?? '{"content":""}') as { content: string }).content,
    );
  }

  take(body: SunkBody): void {
    for (const [name, { offset, content }] of Object.entries(body.files ?? {})) {
      const lines = this.streams.get(name) ?? [];
      this.streams.set(name, lines);
      content.forEach((line, index) => {
        const before = lines[offset + index];
        if (name.endsWith('.jsonl') && before !== undefined && before !== line) this.contradictions++;
        lines[offset + index] = line;
      });
    }
    this.uploaded.push(...(body.uploaded ?? []));
    if (body.complete === true) this.exitCode = body.exitcode ?? null;
  }
}

/** Bare words become text, so that they can be told from null. */
function strict(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/gs, (part) => (part.startsWith('"') ? part : `"${part}"`));
}

/** A small server of the W&B protocol for tests: it keeps what arrives, and fails as it is told to. */
export class TestSink {
  readonly runs = new Map<string, SunkRun>();
  readonly bodies: SunkBody[] = [];
  /** The status to answer with, and nothing done, while it is not null. */
  refuseWith: number | null = null;
  stopAsked = false;
  #server: Server | null = null;
  #port = 0;

  /** Starts, on the port it had before if it had one. */
  async start(): Promise<this> {
    const server = createServer((request, response) => void this.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Gone, connections and all; `start` brings it back with what it has. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  run(id: string): SunkRun {
    const run = this.runs.get(id);
    if (!run) throw new Error(`the sink has no run ${id}`);
    return run;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const reply = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    if (this.refuseWith !== null) return reply(this.refuseWith, { errors: [{ message: 'told to refuse' }] });
    const [, first, ...rest] = (request.url ?? '').split('/').map(decodeURIComponent);
    if (first === 'graphql') return reply(200, { data: this.#graphql(JSON.parse(body.toString()) as GraphqlRequest) });
    if (first === 'put') {
      this.run(rest[0] ?? '').files.set(rest.slice(1).join('/'), body);
      return reply(200, {});
    }
    if (first !== 'files') return reply(404, { errors: [{ message: 'not here' }] });
    const sunk = JSON.parse(body.toString()) as SunkBody;
    this.bodies.push(sunk);
    this.run(rest[2] ?? '').take(sunk);
    return reply(200, { stopped: this.stopAsked });
  }

  #graphql({ query, variables }: GraphqlRequest): Record<string, unknown> {
    const operation = /(?:query|mutation) (\w+)/.exec(query)?.[1];
    switch (operation) {
      case 'Viewer':
        return { viewer: { id: 'u', entity: 'ann' } };
      case 'ServerFeaturesQuery':
        return { serverInfo: { features: [{ name: 'STRUCTURED_CONSOLE_LOGS', isEnabled: true }] } };
      case 'RunResumeStatus':
        return { model: { bucket: this.#resumeStatus(String(variables['name'])) } };
      case 'RowsAt':
        return { project: { run: { history: this.#rowsAt(String(variables['run']), Number(variables['from'])) } } };
      case 'UpsertBucket':
        return { upsertBucket: { bucket: this.#upsert(variables), inserted: true } };
      case 'CreateRunFiles': {
        const id = encodeURIComponent(String(variables['run']));
        const files = (variables['files'] as string[]).map((name) => ({
          name,
          uploadUrl: `${this.url}/put/${id}/${name.split('/').map(encodeURIComponent).join('/')}`,
        }));
        return { createRunFiles: { runID: 'r', uploadHeaders: [], files } };
      }
      default:
        return {};
    }
  }

  #upsert(variables: Record<string, unknown>): unknown {
    const id = String(variables['name']);
    const run = this.runs.get(id) ?? new SunkRun();
    this.runs.set(id, run);
    if (typeof variables['config'] === 'string') run.config = variables['config'];
    run.fields = {
      ...run.fields,
      ...Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== null)),
    };
    run.displayName =
      typeof variables['displayName'] === 'string' ? variables['displayName'] : run.displayName || `run-${id}`;
    const project = { id: 'p', name: variables['project'], entity: { id: 'e', name: variables['entity'] ?? 'ann' } };
    return { id: `s-${id}`, name: id, displayName: run.displayName, project };
  }

  #rowsAt(id: string, step: number): string[] {
    const lines = this.run(id).lines('wandb-history.jsonl');
    return lines.filter((line): line is string => JSON.parse(strict(line ?? '{}'))['_step'] === step);
  }

  #resumeStatus(id: string): unknown {
    const run = this.runs.get(id);
    if (!run) return null;
    const history = run.lines('wandb-history.jsonl');
    return {
      id,
      name: id,
      displayName: run.displayName,
      config: run.config,
      summaryMetrics: run.lines('wandb-summary.json').at(-1) ?? '{}',
      historyLineCount: history.length,
      eventsLineCount: run.lines('wandb-events.jsonl').length,
      logLineCount: run.lines('output.log').length,
      historyTail: JSON.stringify(history.slice(-1)),
      eventsTail: '[]',
    };
  }
}

interface GraphqlRequest {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}
