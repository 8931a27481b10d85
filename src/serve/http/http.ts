import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Clock } from '../../core/base/clock.ts';
import { Refusal } from '../../core/model/refusal.ts';
import type { Hub } from '../hub/hub.ts';
import './access.ts';
import { Authentication } from './authentication.ts';
import { compressAnswers } from './compression.ts';
import { Counters } from './counters.ts';
import { dashboardFiles } from './dashboard-files.ts';
import { HostRule } from './host-rule.ts';
import { linkRoutes } from './link-routes.ts';
import type { Links } from './links.ts';
import { noteMethods } from './other-methods.ts';
import { operations } from './operations.ts';
import { answerProblem } from './problem.ts';
import { restRoutes } from './rest/rest.ts';
import type { Sessions } from './sessions.ts';
import { UnknownSelections } from './wandb/unknown-selections.ts';
import { wandbRoutes } from './wandb/wandb-routes.ts';

export interface HttpOptions {
  readonly hub: Hub;
  readonly sessions: Sessions;
  readonly links: Links;
  readonly clock: Clock;
  /** Our own version, for `/api/v1/session`. */
  readonly version: string;
  /** Where the world reaches us (`https://tracks.example.org`); null: as the `Host` of each request says. */
  readonly publicUrl: string | null;
  /** Names besides localhost, 127.0.0.1, [::1] and the public one that `Host` may hold; without port. */
  readonly allowedHosts: readonly string[];
  /** `TRACKSIDE_ADMIN_TOKEN`; null: administration by HTTP is closed. */
  readonly adminToken: string | null;
  /** The built dashboard; null: there is none. */
  readonly dashboard: string | null;
  /** Absent: nothing is logged. */
  readonly logger?: FastifyBaseLogger;
}

/** A request's line and headers; a client that trickles them is cut off. */
const HEAD_WITHIN_MS = 15_000;
/** A connection on which nothing moves, in either direction. The client's own patience with a reply is 180 s. */
const SILENT_FOR_MS = 200_000;
/** What a server that stops gives to requests in flight; a client that stands still may not hold it. */
const FINISH_WITHIN_MS = 3_000;
const JSON_BYTES_MAX = 1024 * 1024;
/** Segments of addresses: a run id of 128 characters, each percent-encoded, and longer names of other things. */
const SEGMENT_CHARS_MAX = 1_024;

/** Routes check with the schemas of `serve/api`; Fastify's own compilers would only cost memory and time to load. */
const noCompiler = () => (): never => {
  throw new Error('a route has a Fastify schema: its place is serve/api');
};

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  // Not `no-referrer`: with it browsers send `Origin: null`, and our own pages could change nothing.
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/**
 * The server's routes on a Fastify instance that does not listen yet. Whoever called it listens and closes; closing ends
 * the streams of notices and gives requests in flight three seconds. The hub and the rest are not closed.
 */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { hub, sessions, links, clock, adminToken } = options;
  const hosts = new HostRule(options.publicUrl, options.allowedHosts);
  const counters = new Counters();
  const authentication = new Authentication({ accounts: hub.accounts, sessions, hosts, adminToken, clock });

  const app = Fastify({
    ...(options.logger === undefined ? { logger: false } : { loggerInstance: options.logger }),
    logController: new LogController({ disableRequestLogging: true }), // it would log queries, which hold signatures
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    bodyLimit: JSON_BYTES_MAX,
    connectionTimeout: SILENT_FOR_MS,
    requestTimeout: 0, // uploads may take hours; what stands still is cut off
    forceCloseConnections: 'idle',
    http: { headersTimeout: HEAD_WITHIN_MS, connectionsCheckingInterval: 5_000 },
    routerOptions: { maxParamLength: SEGMENT_CHARS_MAX },
    frameworkErrors: (error, request, reply) => void answerProblem(error, request, reply),
  });

  app.removeContentTypeParser('text/plain');
  app.decorateRequest('who', null);
  app.setErrorHandler(answerProblem);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    if (!hosts.knows(request.headers.host))
      throw new Refusal(
        'misdirected',
        'This server does not answer to that Host. Start it with --allow-host NAME or --public-url URL to let it.',
      );
    await authentication.admit(request);
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    counters.answered(request.method, route, reply.statusCode);
    request.log.debug({ method: request.method, route, status: reply.statusCode, ms: reply.elapsedTime }, 'answered');
  });
  app.addHook('preClose', async () => {
    setTimeout(() => app.server.closeAllConnections(), FINISH_WITHIN_MS).unref();
  });
  app.addHook('onClose', async () => counters[Symbol.dispose]());
  compressAnswers(app);

  const refuseOtherMethods = noteMethods(app);
  const unknownSelections = new UnknownSelections();
  const baseUrl = (host: string | undefined) => hosts.baseUrl(host);
  operations(app, { hub, counters, unknownSelections });
  await app.register(wandbRoutes, { hub, links, unknownSelections, baseUrl });
  linkRoutes(app, { files: hub.files, links });
  restRoutes(app, { hub, authentication, sessions, hosts, links, version: options.version });
  refuseOtherMethods();
  const sendPage = dashboardFiles(app, options.dashboard);
  app.setNotFoundHandler(async (request, reply) => {
    const isPage = (request.method === 'GET' || request.method === 'HEAD') && !MACHINE_ROUTE.test(request.url);
    if (isPage) return sendPage(request, reply);
    throw new Refusal('not_found', 'There is nothing at this address.');
  });
  return app;
}

/** What programs ask; everything else that is unknown may be a page of the dashboard. */
const MACHINE_ROUTE = /^\/(api|assets|blobs|files|graphql|sdk|artifacts|artifactsV2|oidc)(\/|\?|$)/;
