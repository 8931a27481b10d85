import type { Project } from '../../../core/model/project.ts';
import { SERVER_FEATURES } from '../../../track/wire/graphql/server-features.ts';
import { type ProjectPage, projectConnection } from './account-fields.ts';
import type { Caller } from './caller.ts';
import type { Fields } from './fields.ts';

/** What is not there, or not for the caller's eyes, is null: clients say it in their own words. */
export const queryFields: Fields<unknown> = {
  viewer: (_root, _args, { who }) => who.user,
  serverInfo: () => ({
    cliVersionInfo: { max_cli_version: '99.0.0' },
    features: SERVER_FEATURES.map((name) => ({ name, isEnabled: true })),
  }),
  entity: (_root, args: { name: string }, { hub, who }) => hub.accounts.entity(who, args.name),
  project: findProject,
  model: findProject,
  models: (_root, args: ProjectPage & { entityName?: string | null }, caller) =>
    projectConnection(caller, args.entityName || null, args),
};

async function findProject(
  _root: unknown,
  args: { readonly name?: string | null; readonly entityName?: string | null },
  { hub, who }: Caller,
): Promise<Project | null> {
  return hub.projects.find(who, args.entityName || null, args.name || 'uncategorized');
}
