import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '../../core/base/assert.ts';
import { type RunningServer, startServer } from '../server/server.ts';

export const ADMIN_TOKEN = 'the-administrators-token';

/** What `JSON.parse` gives: tests look into it without declaring it. */
export type Json = ReturnType<typeof JSON.parse>;

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly bytes: Buffer;
  readonly text: string;
  /** The body as JSON. */
  readonly json: Json;
}

export interface Question {
  readonly method?: string;
  /** The API key; absent: none is shown. */
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Objects are sent as JSON. */
  readonly body?: unknown;
}

/** A real server on a free port and a temporary folder, with real users, for tests. */
export class ScratchServer implements AsyncDisposable {
  readonly folder: string;
  readonly #server: RunningServer;

  private constructor(folder: string, server: RunningServer) {
    this.folder = folder;
    this.#server = server;
  }

  static async start(auth: 'local' | 'users' = 'users', silenceMsMax = 300_000): Promise<ScratchServer> {
    const folder = await mkdtemp(join(tmpdir(), 'trackside http '));
    const server = await startServer({
      host: '127.0.0.1',
      port: 0,
      data: folder,
      home: folder,
      store: join(folder, 'trackside.db'),
      blobs: join(folder, 'blobs'),
      publicUrl: null,
      allowedHosts: [],
      auth,
      adminToken: ADMIN_TOKEN,
      logLevel: 'silent',
      silenceMsMax,
    });
    return new ScratchServer(folder, server);
  }

  get port(): number {
    return this.#server.port;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The one key of a server with `--auth local`. */
  get localKey(): string {
    return must(this.#server.local).apiKey;
  }

  newLoginToken(): string {
    return new URL(must(this.#server.newLoginUrl())).hash.replace('#token=', '');
  }

  /** Makes a user by administration and gives the user's key. */
  async addUser(username: string): Promise<string> {
    const key = `local-${username.padEnd(40, '0')}`;
    await this.ask('/api/v1/users', { method: 'POST', key: ADMIN_TOKEN, body: { username, apiKey: key } });
    return key;
  }

  /** Makes a run as the W&B client does. */
  async startRun(key: string, project: string, run: string, config: unknown = {}): Promise<void> {
    const query = `mutation M($n: String, $p: String, $c: JSONString) {
      upsertBucket(input: {name: $n, modelName: $p, config: $c}) { bucket { id } } }`;
    const variables = { n: run, p: project, c: JSON.stringify(config) };
    const { status, text } = await this.ask('/graphql', { method: 'POST', key, body: { query, variables } });
    if (status !== 200) throw new Error(`the run was not made: ${text}`);
  }

  /** Sends rows of a run's history, each as JSON text, from line `offset`. */
  log(key: string, path: string, lines: readonly string[], offset = 0, more: object = {}): Promise<Answer> {
    const body = { files: { 'wandb-history.jsonl': { offset, content: lines } }, ...more };
    return this.ask(`/files/${path}/file_stream`, { method: 'POST', key, body });
  }

  /** One request on a connection of its own, with exactly these headers besides Host and length. */
  async ask(path: string, { method = 'GET', key, headers = {}, body }: Question = {}): Promise<Answer> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const payload =
        body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
      const request = httpRequest(
        {
          host: '127.0.0.1',
          port: this.port,
          path,
          method,
          agent: false,
          headers: {
            ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
            ...(payload === undefined ? {} : { 'content-length': Buffer.byteLength(payload) }),
            ...(payload === undefined || payload === body ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
        },
        resolve,
      );
      request.on('error', reject);
      request.end(payload);
    });
    const bytes = Buffer.concat(await response.toArray());
    const text = bytes.toString();
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      bytes,
      text,
      get json() {
        return JSON.parse(text);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true });
  }
}
