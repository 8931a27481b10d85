import type { ApiKey, Entity, User } from '../../core/model/account.ts';
import { checkEntityName } from '../../core/model/name-rule.ts';
import type { Store } from '../store/store.ts';
import { checkApiKey, givenKey, hashApiKey } from './api-key.ts';
import type { HubAccounts, Principal } from './hub.ts';
import { maySee } from './permission.ts';

export class Accounts implements HubAccounts {
  readonly #store: Store;
  readonly #changed: () => Promise<void>;
  /** Holders by hash of key. Emptied by every change of accounts, so it is never out of date. */
  readonly #holders = new Map<string, Principal>();
  #changes = 0;

  /** `changed` is called after every change of users or teams. */
  constructor(store: Store, changed: () => Promise<void>) {
    this.#store = store;
    this.#changed = changed;
  }

  async authenticate(apiKey: string): Promise<Principal | null> {
    const hash = hashApiKey(apiKey);
    const known = this.#holders.get(hash);
    if (known) return known;
    const asked = this.#changes;
    const user = await this.#store.accounts.userByKeyHash(hash);
    if (!user) return null;
    const holder = { user };
    if (asked !== this.#changes) return holder;
    if (this.#holders.size >= 1_000) this.#holders.clear();
    this.#holders.set(hash, holder);
    return holder;
  }

  async principal(username: string): Promise<Principal | null> {
    const user = await this.#store.accounts.user(username);
    return user && { user };
  }

  async entity(who: Principal, name: string): Promise<Entity | null> {
    return maySee(who, name) ? this.#store.accounts.entity(name) : null;
  }

  keys(who: Principal): Promise<readonly ApiKey[]> {
    return this.#store.accounts.keys(who.user.username);
  }

  async putUser(given: {
    username: string;
    apiKey: string | null;
    admin: boolean;
    email?: string | null;
  }): Promise<User> {
    const { username, apiKey, admin, email = null } = given;
    checkEntityName(username);
    if (apiKey !== null) checkApiKey(apiKey);
    const user = await this.#store.accounts.putUser({ username, email, admin });
    if (apiKey !== null) {
      const kept = await this.#store.accounts.putKey(givenKey(username, apiKey));
      for (const key of await this.#store.accounts.keys(username)) {
        if (key.description === kept.description && key.id !== kept.id) await this.#store.accounts.deleteKey(key.id);
      }
    }
    await this.#noteChange();
    return user;
  }

  async deleteUser(username: string): Promise<boolean> {
    const deleted = await this.#store.accounts.deleteUser(username);
    await this.#noteChange();
    return deleted;
  }

  async putTeam(team: { name: string; organization: string | null; members: readonly string[] }): Promise<Entity> {
    checkEntityName(team.name);
    const members = [...new Set(team.members)].map((username) => ({ username, admin: false }));
    const entity = await this.#store.accounts.putTeam({ name: team.name, organization: team.organization, members });
    await this.#noteChange();
    return entity;
  }

  async deleteTeam(name: string): Promise<boolean> {
    const deleted = await this.#store.accounts.deleteTeam(name);
    await this.#noteChange();
    return deleted;
  }

  async putOrganization(organization: { name: string; owner: string }): Promise<void> {
    checkEntityName(organization.name);
    await this.#store.accounts.putOrganization(organization);
    await this.#noteChange();
  }

  async putOrganizationMembers(
    name: string,
    members: readonly { username: string; role: 'admin' | 'member' | 'viewer' }[],
  ): Promise<void> {
    await this.#store.accounts.putOrganizationMembers(name, members);
    await this.#noteChange();
  }

  async deleteOrganization(name: string): Promise<boolean> {
    const deleted = await this.#store.accounts.deleteOrganization(name);
    await this.#noteChange();
    return deleted;
  }

  async #noteChange(): Promise<void> {
    this.#changes++;
    this.#holders.clear();
    await this.#changed();
  }
}
