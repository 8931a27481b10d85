import { Refusal } from '../../../core/model/refusal.ts';
import type { Handlers, RestOptions } from './call.ts';

/** Users, teams and organizations, for whoever holds the administrator's token. All of it is idempotent. */
export function administration({
  hub: { accounts },
}: RestOptions): Handlers<
  'putUser' | 'deleteUser' | 'putOrganization' | 'putOrganizationMembers' | 'deleteOrganization' | 'putTeam'
> {
  return {
    async putUser({ body: { username, apiKey, admin, email } }) {
      await accounts.putUser({
        username,
        apiKey: apiKey ?? null,
        admin,
        ...(email === undefined ? {} : { email }),
      });
    },
    async deleteUser({ at: { name } }) {
      if (!(await accounts.deleteUser(name))) throw new Refusal('not_found', `There is no user ${name}.`);
    },
    putOrganization: ({ body }) => accounts.putOrganization(body),
    putOrganizationMembers: ({ at: { name }, body: { members } }) => accounts.putOrganizationMembers(name, members),
    async deleteOrganization({ at: { name } }) {
      if (!(await accounts.deleteOrganization(name)))
        throw new Refusal('not_found', `There is no organization ${name}.`);
    },
    async putTeam({ body: { name, organization, members } }) {
      await accounts.putTeam({ name, organization: organization ?? null, members });
    },
  };
}
