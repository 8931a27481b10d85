import { userInfo } from 'node:os';
import { Refusal } from '../../core/model/refusal.ts';
import { openLocalKey } from '../../machine/credentials.ts';
import { givenKey } from '../hub/api-key.ts';
import type { Hub } from '../hub/hub.ts';
import type { Store } from '../store/store.ts';

/** The one user of a local server. */
export interface LocalAccount {
  readonly username: string;
  readonly apiKey: string;
}

/**
 * The user of a local server and the key in the user's credentials, both made if they are missing. A folder keeps its
 * user: who is in it already gets the key; a new one is named as the person is called on this machine.
 */
export async function openLocalAccount(parts: {
  readonly store: Store;
  readonly hub: Hub;
  readonly home: string;
  /** There is nobody in the store for certain: it was made just now. */
  readonly isNew: boolean;
}): Promise<LocalAccount> {
  const { store, hub, home } = parts;
  const apiKey = openLocalKey(home);
  if (parts.isNew) {
    const username = loginName();
    await store.accounts.putUser({ username, email: null, admin: true });
    await store.accounts.putKey(givenKey(username, apiKey));
    return { username, apiKey };
  }
  const known = await findUnread(store, hub, apiKey);
  if (known !== null) return { username: known, apiKey };
  const holder = await hub.accounts.authenticate(apiKey);
  if (holder) return { username: holder.user.username, apiKey };
  const users = await store.accounts.users();
  const username = (users.find((user) => user.admin) ?? users[0])?.username ?? loginName();
  await hub.accounts.putUser({ username, apiKey, admin: true });
  return { username, apiKey };
}

/**
 * The usual case: the key is for the user who is named as this person is called. Found by a write that changes nothing,
 * since the first read would open a reading thread, a tenth of an idle server. Null when it is not so.
 */
async function findUnread(store: Store, hub: Hub, apiKey: string): Promise<string | null> {
  try {
    const before = Date.now();
    const { username, createdAt } = await store.accounts.putKey(givenKey(loginName(), apiKey));
    // A key that is new takes the place of an older one.
    if (createdAt >= before) await hub.accounts.putUser({ username, apiKey, admin: true });
    return username;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** Refuses (`bad_request`) to serve users when there are none and nobody could make one. */
export async function demandSomebody(store: Store, adminToken: string | null): Promise<void> {
  if (adminToken !== null || (await store.accounts.users()).length > 0) return;
  throw new Refusal(
    'bad_request',
    'Nobody could log in: there are no users yet, and no administrator to make one. Set TRACKSIDE_ADMIN_TOKEN to a long secret and start again.',
  );
}

function loginName(): string {
  try {
    const name = userInfo()
      .username.replace(/[^A-Za-z0-9_.-]/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '');
    return name || 'local';
  } catch {
    return 'local'; // A process may run under a number that has no name.
  }
}
