import { Refusal } from '../../../core/model/refusal.ts';
import type { Hub, Principal } from '../../hub/hub.ts';
import type { Handlers, RestOptions } from './call.ts';

type ListedProject = Awaited<ReturnType<Hub['projects']['list']>>[number];

export function projectHandlers({ hub }: RestOptions): Handlers<'projects' | 'project' | 'deleteProject'> {
  return {
    async projects({ who }) {
      return { projects: (await hub.projects.list(who)).map(view) };
    },

    async project({ who, at }) {
      const all = await hub.projects.list(who, at.entity);
      const found = all.find(({ name }) => name === at.project);
      if (found === undefined) throw noProject(at);
      return view(found);
    },

    async deleteProject({ who, at }) {
      if (!(await hub.projects.delete(who, at.entity, at.project))) throw noProject(at);
    },
  };
}

/** Refuses (`not_found`) an address without a project that the user may see. */
export async function demandProject(hub: Hub, who: Principal, at: { entity: string; project: string }): Promise<void> {
  if ((await hub.projects.find(who, at.entity, at.project)) === null) throw noProject(at);
}

export function noProject({ entity, project }: { entity: string; project: string }): Refusal {
  return new Refusal('not_found', `There is no project ${entity}/${project} that you may see.`);
}

function view({ entity, name, description, createdAt, activeAt, runs, running }: ListedProject) {
  return { entity, name, description, createdAt, activeAt, runs, running };
}
