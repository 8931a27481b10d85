import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Refusal } from '../../../core/model/refusal.ts';
import { ROUTES, type RouteName } from '../../api/routes.ts';
import { principalOf } from '../access.ts';
import { administration } from './administration.ts';
import type { Call, Handler, Handlers, RestOptions } from './call.ts';
import { liveNotices } from './live-notices.ts';
import { metricHandlers } from './metrics.ts';
import { projectHandlers } from './projects.ts';
import { runHandlers } from './runs.ts';
import { sessionHandlers } from './session.ts';
import { streamHandlers } from './streams.ts';

const SCHEMAS: Readonly<Record<RouteName, { query?: z.ZodType; body?: z.ZodType; path: string }>> = ROUTES;

/** What answers a request to the route of that name: checks its parts, calls the handler, sends what it gives back. */
export function answerer(
  options: RestOptions,
): (name: RouteName, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  const handlers: Handlers<RouteName> = {
    ...sessionHandlers(options),
    ...projectHandlers(options),
    ...runHandlers(options),
    ...metricHandlers(options),
    ...streamHandlers(options),
    ...liveNotices(options),
    ...administration(options),
  };

  return async (name, request, reply) => {
    const { query, body } = SCHEMAS[name];
    const handler = handlers[name] as Handler<RouteName>;
    const answer: unknown = await handler({
      get who() {
        return principalOf(request);
      },
      at: { entity: '', project: '', run: '', name: '', ...(request.params as Partial<Call<RouteName>['at']>) },
      query: query && checked(query, request.query, 'The query'),
      body: body && checked(body, request.body, 'The body'),
      request,
      reply,
    } as Call<RouteName>);
    // A reply is a thenable: awaited, it is undefined once it has been sent.
    if (answer === reply || reply.sent) return reply;
    if (answer === undefined) return reply.code(204).send();
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(answer));
  };
}

function checked(schema: z.ZodType, given: unknown, what: string): unknown {
  const { success, data, error } = schema.safeParse(given);
  if (success) return data;
  const wrong = error.issues
    .slice(0, 3)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`));
  throw new Refusal('bad_request', `${what} is not as /api/v1/openapi.json says: ${wrong.join('; ')}`);
}
