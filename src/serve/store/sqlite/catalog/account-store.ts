import { type Clock, systemClock } from '../../../../core/base/clock.ts';
import type { AccountStore } from '../../accounts.ts';
import type { Threads } from '../threads.ts';

/** The contract's accounts, on the store's threads. */
export function sqliteAccounts(threads: Threads, clock: Clock = systemClock): AccountStore {
  return {
    putUser: (user) => threads.write('putUser', [user, clock.now()]),
    deleteUser: (username) => threads.write('deleteUser', [username, clock.now()]),
    user: (username) => threads.read('getUser', [username]),
    users: () => threads.read('listUsers', []),
    putKey: (key) => threads.write('putKey', [key, clock.now()]),
    deleteKey: (id) => threads.write('deleteKey', [id]),
    keys: (username) => threads.read('listKeys', [username]),
    userByKeyHash: (hash) => threads.read('findUserByKey', [hash]),
    putTeam: (team) => threads.write('putTeam', [team, clock.now()]),
    deleteTeam: (name) => threads.write('deleteTeam', [name, clock.now()]),
    entity: (name) => threads.read('getEntity', [name]),
    putOrganization: (organization) => threads.write('putOrganization', [organization]),
    putOrganizationMembers: (name, members) => threads.write('putOrganizationMembers', [name, members]),
    deleteOrganization: (name) => threads.write('deleteOrganization', [name, clock.now()]),
  };
}
