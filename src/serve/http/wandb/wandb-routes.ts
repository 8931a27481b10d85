import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Hub } from '../../hub/hub.ts';
import type { Links } from '../links.ts';
import { FAULT, beginRefusal } from '../problem.ts';
import { fileStreamRoute } from './file-stream-route.ts';
import { graphqlRoute } from './graphql-route.ts';
import type { UnknownSelections } from './unknown-selections.ts';

export interface WandbOptions {
  readonly hub: Hub;
  readonly links: Links;
  /** Counts what clients asked for and we do not have. */
  readonly unknownSelections: UnknownSelections;
  /** Where the asker reaches us, by the request's `Host`; without a slash at the end. */
  readonly baseUrl: (host: string | undefined) => string;
}

/**
 * The W&B dialect, as a Fastify plugin: GraphQL and the file stream, with errors as W&B's client reads them. Whoever
 * registers it has set `request.who`.
 */
export async function wandbRoutes(app: FastifyInstance, options: WandbOptions): Promise<void> {
  // Bodies stay on the network until their handler reads them.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.setErrorHandler(answerErrors);
  graphqlRoute(app, options);
  fileStreamRoute(app, options.hub);
}

/** `{"errors":[{"message"}],"data":null}` with the fitting status: what the client shows to people. */
async function answerErrors(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const refusal = beginRefusal(error, request, reply);
  return reply
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ errors: [{ message: refusal?.message ?? FAULT }], data: null }));
}
