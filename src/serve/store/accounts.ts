import type { ApiKey, Entity, User } from '../../core/model/account.ts';

/** Users, their keys (as hashes), and the entities that own projects. Every call is idempotent. */
export interface AccountStore {
  /** Creates or changes the user and the personal entity of the same name. `conflict` if a team has that name. */
  putUser(user: { username: string; email: string | null; admin: boolean }): Promise<User>;
  /** Removes the user, the keys, the personal entity and all that it owns. False if there was none. */
  deleteUser(username: string): Promise<boolean>;
  user(username: string): Promise<User | null>;
  users(): Promise<readonly User[]>;
  /** `hash` is the key's SHA-256 in lower-case hex. Giving the same hash again changes nothing. */
  putKey(key: { username: string; hash: string; prefix: string; description: string | null }): Promise<ApiKey>;
  deleteKey(id: string): Promise<boolean>;
  keys(username: string): Promise<readonly ApiKey[]>;
  /** The user that holds the key with this hash. */
  userByKeyHash(hash: string): Promise<User | null>;
  /** Creates or replaces the team and its members. `conflict` if a user has that name. */
  putTeam(team: {
    name: string;
    organization: string | null;
    members: readonly { username: string; admin: boolean }[];
  }): Promise<Entity>;
  deleteTeam(name: string): Promise<boolean>;
  entity(name: string): Promise<Entity | null>;
  /** Organizations are names that group teams; nothing else depends on them. */
  putOrganization(organization: { name: string; owner: string }): Promise<void>;
  putOrganizationMembers(
    name: string,
    members: readonly { username: string; role: 'admin' | 'member' | 'viewer' }[],
  ): Promise<void>;
  /** Removes the organization with its teams. */
  deleteOrganization(name: string): Promise<boolean>;
}
