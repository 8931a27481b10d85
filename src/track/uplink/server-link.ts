import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';

/** A W&B-compatible server and who we are to it. */
export interface ServerAddress {
  /** Without a slash at the end: `http://127.0.0.1:7878`. */
  readonly url: string;
  readonly apiKey: string;
}

const GRAPHQL_TIMEOUT_MS = 30_000;
const FILE_STREAM_TIMEOUT_MS = 180_000;
const MESSAGE_CHARS_MAX = 300;

/** Statuses that a retry cannot mend, as W&B's own client has them. `upsertBucket` retries 409, uploads give up on every 4xx. */
const FATAL: ReadonlySet<number> = new Set([400, 401, 403, 404, 409, 410, 413, 422, 501]);

/** A request that did not succeed. `fatal`: asking again is no use; otherwise after `retryAfterMs`, if the server named a time. */
export class LinkError extends Error {
  readonly fatal: boolean;
  readonly status: number | null;
  readonly retryAfterMs: number | null;

  constructor(message: string, fatal: boolean, status: number | null = null, retryAfterMs: number | null = null) {
    super(message);
    this.name = 'LinkError';
    this.fatal = fatal;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** One try each of the requests that a run's upload is made of. Every failure is a `LinkError`. */
export class ServerLink {
  readonly url: string;
  readonly #authorization: string;
  readonly #signal: AbortSignal;

  /** Aborting `signal` ends requests under way. */
  constructor(address: ServerAddress, signal: AbortSignal) {
    this.url = address.url;
    this.#authorization = `Basic ${Buffer.from(`api:${address.apiKey}`).toString('base64')}`;
    this.#signal = signal;
  }

  /** `data` of a GraphQL reply. `retried`: a fatal status that this operation retries all the same. */
  async graphql(query: string, variables: Record<string, unknown>, retried?: number): Promise<Record<string, unknown>> {
    const response = await this.#fetch(`${this.url}/graphql`, GRAPHQL_TIMEOUT_MS, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: this.#authorization },
      body: JSON.stringify({ query, variables }),
    });
    const text = await this.#text(response);
    const reply = parseReply(text);
    if (!response.ok) throw refusal(response, reply, retried);
    if (reply?.data === undefined || reply.data === null) {
      throw new LinkError(`${this.url} answered without data: ${errorText(reply, text)}`, reply?.errors !== undefined);
    }
    return reply.data;
  }

  /** Sends one file-stream body, JSON text; answers whether somebody asked that the run stop. */
  async fileStream(run: { entity: string; project: string; id: string }, body: string): Promise<{ stopped: boolean }> {
    const path = [run.entity, run.project, run.id].map(encodeURIComponent).join('/');
    const response = await this.#fetch(`${this.url}/files/${path}/file_stream`, FILE_STREAM_TIMEOUT_MS, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: this.#authorization },
      body,
    });
    const text = await this.#text(response);
    if (!response.ok) throw refusal(response, parseReply(text));
    return { stopped: parseReply(text)?.stopped === true };
  }

  /** Uploads a file to an address that the server gave out; no key goes along. Null: the file is not there. */
  async put(url: string, headers: Record<string, string>, path: string): Promise<void | null> {
    const size = await stat(path).then(
      (found) => (found.isFile() ? found.size : null),
      () => null,
    );
    if (size === null) return null;
    const response = await this.#fetch(new URL(url, this.url).href, null, {
      method: 'PUT',
      headers: { ...headers, 'content-length': String(size) },
      // Up to what it was when measured: a log may grow meanwhile.
      body: size === 0 ? '' : (Readable.toWeb(createReadStream(path, { end: size - 1 })) as ReadableStream),
      duplex: 'half',
    } as RequestInit);
    await this.#text(response);
    if (response.ok) return;
    const fatal = response.status !== 429 && (response.status < 500 || response.status === 501);
    throw new LinkError(
      `the server refused the file (${response.status})`,
      fatal,
      response.status,
      retryAfterMs(response),
    );
  }

  async #fetch(url: string, timeoutMs: number | null, init: RequestInit): Promise<Response> {
    const limits = timeoutMs === null ? [this.#signal] : [this.#signal, AbortSignal.timeout(timeoutMs)];
    try {
      return await fetch(url, { ...init, signal: AbortSignal.any(limits) });
    } catch (error) {
      throw new LinkError(`${this.url} cannot be reached (${causeOf(error)})`, false);
    }
  }

  async #text(response: Response): Promise<string> {
    try {
      return await response.text();
    } catch (error) {
      throw new LinkError(`${this.url} broke off its answer (${causeOf(error)})`, false);
    }
  }
}

interface Reply {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message?: string }[];
  readonly error?: string | { readonly message?: string };
  readonly stopped?: boolean;
}

function parseReply(text: string): Reply | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

function errorText(reply: Reply | null, otherwise: string): string {
  const error = typeof reply?.error === 'string' ? reply.error : reply?.error?.message;
  const text = reply?.errors?.map((each) => each.message ?? '').join('; ') ?? error ?? otherwise;
  return text.slice(0, MESSAGE_CHARS_MAX).trim();
}

function refusal(response: Response, reply: Reply | null, retried?: number): LinkError {
  const { status } = response;
  const said = errorText(reply, response.statusText);
  const fatal = FATAL.has(status) && status !== retried;
  return new LinkError(
    `the server answered ${status}${said ? `: ${said}` : ''}`,
    fatal,
    status,
    retryAfterMs(response),
  );
}

/** `Retry-After`, in seconds or as a date. */
function retryAfterMs(response: Response): number | null {
  const text = response.headers.get('retry-after');
  if (text === null) return null;
  const seconds = Number(text);
  const ms = Number.isNaN(seconds) ? Date.parse(text) - Date.now() : seconds * 1000;
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

function causeOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: Error & { code?: string } };
  return cause?.code ?? cause?.message ?? message;
}
