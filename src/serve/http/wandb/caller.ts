import { Refusal } from '../../../core/model/refusal.ts';
import type { Run } from '../../../core/model/run.ts';
import type { Hub, Principal } from '../../hub/hub.ts';
import type { Links } from '../links.ts';

/** One request of a W&B client: who asks, whom the answers are got from, and where the asker reaches us. */
export interface Caller {
  readonly who: Principal;
  readonly hub: Hub;
  readonly links: Links;
  /** Without a slash at the end. */
  readonly baseUrl: string;
}

/** How clients name a run in mutations: entity and project may be left out. */
export interface RunName {
  readonly entityName?: string | null;
  readonly projectName?: string | null;
  readonly runName: string;
}

/** The run, or a refusal (`not_found`) in the words that the client shows to people. */
export async function namedRun({ hub, who }: Caller, name: RunName): Promise<Run> {
  const entity = name.entityName ?? null;
  const project = name.projectName ?? 'uncategorized';
  const run = await hub.runs.find(who, { entity, project, id: name.runName });
  if (run === null)
    throw new Refusal(
      'not_found',
      `There is no run ${entity ?? who.user.username}/${project}/${name.runName}, or not for you.`,
    );
  return run;
}
