import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ExecutionResult } from 'graphql';
import { Refusal } from '../../../core/model/refusal.ts';
import { principalOf } from '../access.ts';
import { readBody } from '../body.ts';
import { FAULT, STATUS_OF, asRefusal, beginRefusal } from '../problem.ts';
import { answerText } from './answer-text.ts';
import type { Caller } from './caller.ts';
import type { GraphqlEngine, GraphqlRequest } from './graphql-engine.ts';
import type { WandbOptions } from './wandb-routes.ts';

/** Configs and summaries travel in variables. */
const BODY_BYTES_MAX = 16 * 2 ** 20;

/** `POST /graphql`. The library and the schema are loaded with the first operation, not with the server. */
export function graphqlRoute(app: FastifyInstance, options: WandbOptions): void {
  let engine: Promise<GraphqlEngine> | null = null;
  const loadEngine = async () => {
    const { GraphqlEngine: Engine } = await import('./graphql-engine.ts');
    return new Engine(options.unknownSelections);
  };

  app.post('/graphql', async (request, reply) => {
    const caller: Caller = {
      who: principalOf(request),
      hub: options.hub,
      links: options.links,
      baseUrl: options.baseUrl(request.headers.host),
    };
    const operation = operationOf(await readBody(request, BODY_BYTES_MAX));
    const loaded = await (engine ??= loadEngine());
    return answer(await loaded.execute(operation, caller), request, reply);
  });
}

function operationOf(body: Uint8Array): GraphqlRequest {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new Refusal('bad_request', 'The body of a GraphQL request must be JSON.');
  }
  const { query, variables, operationName } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof query !== 'string') throw new Refusal('bad_request', 'A GraphQL request needs a `query`.');
  return {
    query,
    variables: typeof variables === 'object' ? (variables as Readonly<Record<string, unknown>> | null) : null,
    // The public API names none by an empty text.
    operationName: typeof operationName === 'string' && operationName !== '' ? operationName : null,
  };
}

/**
 * The answer with the status of its first error: clients go by the status, people read the messages. Errors without an
 * origin are the document's own (400).
 */
async function answer(result: ExecutionResult, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const errors = (result.errors ?? []).map((error) => {
    const { originalError } = error;
    const isFault = originalError != null && asRefusal(originalError) === null && error.path !== undefined;
    return {
      message: isFault ? FAULT : error.message,
      path: error.path,
      cause: isFault ? originalError : asRefusal(originalError),
    };
  });
  const [first] = errors;
  if (first !== undefined) {
    if (first.cause == null) reply.code(STATUS_OF.bad_request);
    else beginRefusal(first.cause, request, reply);
  }
  return reply.type('application/json; charset=utf-8').send(
    answerText({
      ...(first === undefined ? {} : { errors: errors.map(({ message, path }) => ({ message, path })) }),
      data: result.data ?? null,
    }),
  );
}
