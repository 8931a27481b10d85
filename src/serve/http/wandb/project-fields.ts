import type { Project } from '../../../core/model/project.ts';
import type { Filter } from '../../../core/query/filter.ts';
import { parseMongoFilter } from '../../../core/query/filter-mongo.ts';
import { parseRunOrder } from '../../../core/query/run-order.ts';
import { projectInternalId, projectStorageId } from '../../../track/wire/graphql/storage-id.ts';
import type { Caller } from './caller.ts';
import type { Fields } from './fields.ts';
import { type FoundRun, foundRun } from './found-run.ts';
import { type Connection, connection, isoTime, offsetAfter, pageSize } from './page.ts';

interface RunPage {
  /** Mongo-style conditions as JSON text. */
  readonly filters?: string | null;
  readonly order?: string | null;
  readonly after?: string | null;
  readonly first?: number | null;
}

export const projectFields: Fields<Project> = {
  id: (project) => projectStorageId(project.entity, project.name),
  internalId: (project) => projectInternalId(project.key),
  entityName: (project) => project.entity,
  entity: (project, _args, { hub, who }) => hub.accounts.entity(who, project.entity),
  createdAt: (project) => isoTime(project.createdAt),
  isBenchmark: () => false,
  readOnly: () => false, // whoever sees a project may write to it
  user: (project) => ({ username: project.user }),
  runCount: (project, args: RunPage, { hub, who }) => hub.runs.count(who, project.entity, project.name, filterOf(args)),
  runs: runConnection,
  run: runOf,
  bucket: runOf,
};

async function runOf(project: Project, args: { readonly name: string }, caller: Caller): Promise<FoundRun | null> {
  const path = { entity: project.entity, project: project.name, id: args.name };
  const run = await caller.hub.runs.find(caller.who, path);
  return run === null ? null : foundRun(caller, run);
}

/** Runs of a project in pages. Without an order the oldest come first, as clients expect. */
async function runConnection(
  { entity, name }: Project,
  page: RunPage,
  caller: Caller,
): Promise<Connection<FoundRun> & { totalCount: number }> {
  const offset = offsetAfter(page.after);
  const found = await caller.hub.runs.list(caller.who, {
    entity,
    project: name,
    filter: filterOf(page),
    order: parseRunOrder(page.order || '+created_at'),
    offset,
    limit: pageSize(page.first),
  });
  const { total, runs } = found ?? { total: 0, runs: [] };
  const edges = runs.map((run, index) => ({ node: foundRun(caller, run), cursor: String(offset + index + 1) }));
  return { ...connection(edges, offset + runs.length < total), totalCount: total };
}

function filterOf({ filters }: RunPage): Filter | null {
  return filters ? parseMongoFilter(filters) : null;
}
