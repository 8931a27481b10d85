import type { z } from 'zod';
import type { SeriesColumns } from '../../core/query/series.ts';
import { ADDRESSES, type RouteName } from './addresses.ts';
import type { ROUTES } from './routes.ts';
import type { notices as noticesSchema } from './schemas.ts';
import { decodeSeries } from './series-format.ts';

type Route<Name extends RouteName> = (typeof ROUTES)[Name];

/** The names in braces of an address: `/projects/{entity}` has `entity`. */
type Segments<Path> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | Segments<Rest> : never;

/** What a call takes besides its name: the segments of the address, the query and the body, where the route has them. */
export type Parts<Name extends RouteName> = ([Segments<Route<Name>['path']>] extends [never]
  ? { readonly at?: undefined }
  : { readonly at: Readonly<Record<Segments<Route<Name>['path']>, string>> }) &
  (Route<Name> extends { query: infer Query extends z.ZodType }
    ? { readonly query?: z.input<Query> }
    : { readonly query?: undefined }) &
  (Route<Name> extends { body: infer Body extends z.ZodType }
    ? { readonly body: z.input<Body> }
    : { readonly body?: undefined });

export type Reply<Name extends RouteName> =
  Route<Name> extends { reply: infer Schema extends z.ZodType } ? z.output<Schema> : void;

export type ChangeNotice = z.output<typeof noticesSchema>['notices'][number];

/** A request that was refused or that found no server. `status` is 0 when no answer came. */
export class ApiError extends Error {
  /** As in `core/model/refusal.ts`; `unreachable` when no answer came, `internal` when it was not one of ours. */
  readonly code: string;
  readonly status: number;
  /** Seconds after which a retry makes sense, when the server says so. */
  readonly retryAfterS: number | undefined;

  constructor(code: string, message: string, status: number, retryAfterS?: number) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.retryAfterS = retryAfterS;
  }
}

export interface ClientOptions {
  /** The server's address without a trailing slash; empty (the default) in a page that the server itself gave out. */
  readonly server?: string;
  /** An API key. A page has its cookie instead. */
  readonly apiKey?: string;
}

/** Our REST, typed by the table of routes. For browsers and for Node; nothing of the schemas is loaded. */
export class ApiClient {
  readonly #server: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor({ server = '', apiKey }: ClientOptions = {}) {
    this.#server = server;
    this.#headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  }

  /** One request by the name of its route. Rejects with `ApiError`, or with the signal's reason when it was given up. */
  async call<Name extends RouteName>(name: Name, parts: Parts<Name>, signal?: AbortSignal): Promise<Reply<Name>> {
    const response = await this.#send(name, parts as AnyParts, 'application/json', signal);
    return (response.status === 204 ? undefined : await read(response, () => response.json())) as Reply<Name>;
  }

  /** Buckets of series, in the order asked for; null for one whose run or key is not there. Rejects as `call` does. */
  async series(
    at: Parts<'series'>['at'],
    body: Parts<'series'>['body'],
    signal?: AbortSignal,
  ): Promise<(SeriesColumns | null)[]> {
    const response = await this.#send('series', { at, body }, 'application/vnd.trackside.series', signal);
    return read(response, async () => decodeSeries(new Uint8Array(await response.arrayBuffer())));
  }

  /**
   * Change notices of one project, or of all that the user may see (`of` null), until disposed; for pages, whose
   * cookie goes with it. A lost connection is opened again by the browser; `reopened` is then called, since notices may
   * have been missed: read again what is visible.
   */
  notices(
    of: { readonly entity: string; readonly project: string } | null,
    hear: (notices: readonly ChangeNotice[]) => void,
    reopened: () => void,
  ): Disposable {
    const source = new EventSource(this.#url('notices', { query: of ?? undefined }));
    let opened = false;
    source.addEventListener('open', () => {
      if (opened) reopened();
      opened = true;
    });
    source.addEventListener('message', (event) => {
      hear((JSON.parse(event.data as string) as z.output<typeof noticesSchema>).notices);
    });
    return { [Symbol.dispose]: () => source.close() };
  }

  async #send(name: RouteName, parts: AnyParts, accept: string, signal?: AbortSignal): Promise<Response> {
    const { body } = parts;
    let response: Response;
    try {
      response = await fetch(this.#url(name, parts), {
        method: ADDRESSES[name].method,
        headers: { accept, ...this.#headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      throw unreachable(error, signal);
    }
    if (!response.ok) throw await refusal(response);
    return response;
  }

  #url(name: RouteName, { at, query }: AnyParts): string {
    const path = ADDRESSES[name].path.replaceAll(/\{(\w+)\}/g, (_, segment: string) =>
      encodeURIComponent(at?.[segment] ?? ''),
    );
    const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(given.map(([key, value]): [string, string] => [key, String(value)]));
    return `${this.#server}/api/v1${path}${given.length === 0 ? '' : `?${search}`}`;
  }
}

interface AnyParts {
  readonly at?: Readonly<Record<string, string>> | undefined;
  readonly query?: object | undefined;
  readonly body?: unknown;
}

/** Reads the body of an answer; a connection that breaks in the middle is an error like one that never was. */
async function read<T>(response: Response, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError) {
      throw new ApiError('internal', `${error.message} (${response.url})`, response.status);
    }
    throw unreachable(error, undefined);
  }
}

function unreachable(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true || (error instanceof Error && error.name === 'AbortError')) return error;
  return new ApiError('unreachable', 'the server does not answer; is it running?', 0);
}

async function refusal(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  let problem: { code?: unknown; message?: unknown; retryAfterS?: unknown } = {};
  try {
    problem = (JSON.parse(text) as { error?: typeof problem }).error ?? {};
  } catch {
    // Not one of our answers: a proxy's page, most likely.
  }
  const { code, message, retryAfterS } = problem;
  return new ApiError(
    typeof code === 'string' ? code : 'internal',
    typeof message === 'string' ? message : `the server answered ${response.status} without a reason`,
    response.status,
    typeof retryAfterS === 'number' ? retryAfterS : undefined,
  );
}
