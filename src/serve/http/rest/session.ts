import type { z } from 'zod';
import type * as schema from '../../api/schemas.ts';
import { Refusal } from '../../../core/model/refusal.ts';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../../hub/hub.ts';
import { loginUrl } from '../sessions.ts';
import type { Handlers, RestOptions } from './call.ts';

/** Logging in and out of the browser. */
export function sessionHandlers({
  hub,
  authentication,
  sessions,
  hosts,
  version,
}: RestOptions): Handlers<'session' | 'startSession' | 'endSession' | 'newSessionToken'> {
  const view = ({ user }: Principal, request: FastifyRequest): z.input<typeof schema.session> => ({
    user: { username: user.username, admin: user.admin, entities: [...user.entities] },
    server: { version, publicUrl: hosts.baseUrl(request.headers.host) },
  });

  return {
    session: ({ who, request }) => view(who, request),

    async startSession({ body, request, reply }) {
      authentication.demandOwnPage(request);
      const username =
        'key' in body ? (await authentication.holder(body.key, request.ip)).user.username : sessions.redeem(body.token);
      const who = username === null ? null : await hub.accounts.principal(username);
      if (who === null)
        throw new Refusal(
          'unauthenticated',
          'This address was used before or is too old: `trackside open` makes another.',
        );
      authentication.logIn(who.user.username, request, reply);
      return view(who, request);
    },

    endSession({ request, reply }) {
      authentication.demandOwnPage(request);
      authentication.logOut(request, reply);
    },

    newSessionToken({ who, request }) {
      // A session may not multiply itself: whoever steals one would keep it beyond a log-out.
      if (request.headers.authorization === undefined)
        throw new Refusal('forbidden', 'A log-in address is made for an API key in the Authorization header only.');
      const token = sessions.issueToken(who.user.username);
      return { token, url: loginUrl(hosts.baseUrl(request.headers.host), token) };
    },
  };
}
