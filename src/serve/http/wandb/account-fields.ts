import type { ApiKey, Entity, User } from '../../../core/model/account.ts';
import type { Project } from '../../../core/model/project.ts';
import type { Caller } from './caller.ts';
import type { Fields } from './fields.ts';
import { type Connection, connection, isoTime, offsetAfter, pageSize } from './page.ts';

/** What the GraphQL type `User` stands for: the caller as a whole, of others only the name. */
export type SeenUser = Partial<User> & Pick<User, 'username'>;

export const userFields: Fields<SeenUser> = {
  id: ({ username }) => username,
  name: ({ username }) => username,
  entity: ({ username }) => username,
  flags: () => '{}',
  deletedAt: () => null,
  apiKeys: async ({ username }, _args, { hub, who }) => {
    if (username !== who.user.username) return null;
    return { edges: (await hub.accounts.keys(who)).map((node) => ({ node })) };
  },
  teams: async ({ entities }, _args, { hub, who }) => {
    if (entities === undefined) return null;
    const found = await Promise.all(entities.map((name) => hub.accounts.entity(who, name)));
    return { edges: found.flatMap((node) => (node === null ? [] : [{ node }])) };
  },
};

export const apiKeyFields: Fields<ApiKey> = {
  name: ({ prefix }) => prefix,
  createdAt: ({ createdAt }) => isoTime(createdAt),
};

export const entityFields: Fields<Entity> = {
  id: ({ name }) => name,
  isTeam: ({ kind }) => kind === 'team',
  entityType: ({ kind }) => kind,
  readOnly: () => false,
  available: () => false, // the name is taken
  codeSavingEnabled: () => true,
  organization: () => null,
  project: ({ name }, args: { name?: string | null }, { hub, who }) =>
    hub.projects.find(who, name, args.name || 'uncategorized'),
  projects: ({ name }, args: ProjectPage, caller) => projectConnection(caller, name, args),
};

export const memberFields: Fields<Entity['members'][number]> = {
  id: ({ username }) => username,
  name: ({ username }) => username,
  accountType: () => 'USER',
};

export interface ProjectPage {
  readonly after?: string | null;
  readonly first?: number | null;
}

/** The projects of an entity (the caller's own when null), most recently active first. */
export async function projectConnection(
  { hub, who }: Caller,
  entity: string | null,
  page: ProjectPage,
): Promise<Connection<Project>> {
  const all = await hub.projects.list(who, entity ?? who.user.username);
  const offset = offsetAfter(page.after);
  const shown = all.slice(offset, offset + pageSize(page.first));
  return connection(
    shown.map((node, index) => ({ node, cursor: String(offset + index + 1) })),
    offset + shown.length < all.length,
  );
}
