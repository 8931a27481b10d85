import type { FastifyRequest } from 'fastify';
import { Refusal } from '../../core/model/refusal.ts';
import type { Principal } from '../hub/hub.ts';

/**
 * Who may call a route; written in its `config`. Left out, it is `user`, so that a forgotten word closes a door.
 * - `user`: whoever shows an API key or has a session; the handler asks `principalOf`.
 * - `operator`: the same, or whoever shows the administrator's token.
 * - `admin`: only the administrator's token.
 * - `open`: everybody. Also for addresses that are signed, whose handlers check the signature.
 */
export type Access = 'user' | 'operator' | 'admin' | 'open';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** Who asks; null where the route lets anybody in. Set before the body is read. */
    who: Principal | null;
  }
}

/** Who asks, on a route with access `user`. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.who === null) throw new Refusal('unauthenticated', 'This needs an API key or a session: log in first.');
  return request.who;
}
