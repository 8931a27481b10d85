import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal, type RefusalCode } from '../../core/model/refusal.ts';

/** The HTTP status of every refusal; the same in both dialects. */
export const STATUS_OF: Readonly<Record<RefusalCode, number>> = {
  bad_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  misdirected: 421,
  too_many: 429,
  unavailable: 503,
};

const CODE_OF = new Map<number, RefusalCode>(
  Object.entries(STATUS_OF).map(([code, status]) => [status, code as RefusalCode]),
);

/** The refusal that an error stands for; null when it is a bug of ours. Knows our own and Fastify's. */
export function asRefusal(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  if (!(error instanceof Error)) return null;
  const { statusCode } = error as Error & { statusCode?: unknown };
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode >= 500) return null;
  return new Refusal(CODE_OF.get(statusCode) ?? 'bad_request', error.message);
}

/** Sets the status and `Retry-After` of a refusal; null stands for a bug (500), which is logged here. Returns what to tell. */
export function beginRefusal(error: unknown, request: FastifyRequest, reply: FastifyReply): Refusal | null {
  const refusal = asRefusal(error);
  if (refusal === null) {
    request.log.error({ err: error, route: request.routeOptions.url }, 'a request failed');
    reply.code(500);
    return null;
  }
  reply.code(STATUS_OF[refusal.code]);
  if (refusal.retryAfterS !== undefined) reply.header('retry-after', String(refusal.retryAfterS));
  // Without this challenge a 401 is not HTTP; with a Basic one browsers would ask for a password by themselves.
  if (refusal.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer realm="trackside"');
  return refusal;
}

/** What people are told of a bug: nothing of its inside. */
export const FAULT = 'Something failed inside the server. Its log says what; a retry may help.';

/** Answers any error in the form of our REST: `{"error":{"code","message","retryAfterS"?}}`. */
export async function answerProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const refusal = beginRefusal(error, request, reply);
  const told =
    refusal === null
      ? { code: 'internal', message: FAULT }
      : {
          code: refusal.code,
          message: refusal.message,
          ...(refusal.retryAfterS === undefined ? {} : { retryAfterS: refusal.retryAfterS }),
        };
  return reply.type('application/json; charset=utf-8').send(JSON.stringify({ error: told }));
}
