import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ADDRESSES, type RouteName } from '../../api/addresses.ts';
import type { RestOptions } from './call.ts';

const ROOT = '/api/v1';

/** Whoever logs in or out need not be logged in. */
const OPEN: ReadonlySet<RouteName> = new Set(['startSession', 'endSession']);

interface Address {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly admin?: true;
}

/**
 * Registers every route of `/api/v1`. What answers them, the schemas above all, is loaded with the first request: that is
 * time and memory which a server need not spend before somebody looks at it.
 */
export function restRoutes(app: FastifyInstance, given: Omit<RestOptions, 'streams'>): void {
  const options: RestOptions = { ...given, streams: new Set() };
  // Before the server waits for its connections to end, since these never would.
  app.addHook('preClose', async () => {
    for (const stream of options.streams) stream[Symbol.dispose]();
  });

  let loaded: Promise<(name: RouteName, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>> | null =
    null;
  const load = async () => (await import('./answer.ts')).answerer(options);
  for (const [name, { method, path, admin }] of Object.entries(ADDRESSES) as [RouteName, Address][]) {
    app.route({
      method,
      url: ROOT + path.replaceAll(/\{(\w+)\}/g, ':$1'),
      exposeHeadRoute: name !== 'notices', // its head would never end either
      config: { access: admin ? 'admin' : OPEN.has(name) ? 'open' : 'user' },
      handler: async (request, reply) => (await (loaded ??= load()))(name, request, reply),
    });
  }

  let document: string | null = null;
  app.get(`${ROOT}/openapi.json`, async (_request, reply) => {
    document ??= JSON.stringify((await import('../../api/openapi.ts')).openApi(options.version));
    return reply.type('application/json; charset=utf-8').send(document);
  });
}
