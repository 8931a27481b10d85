import { type Clock, systemClock } from '../../../../core/base/clock.ts';
import type { ProjectStore } from '../../projects.ts';
import type { Threads } from '../threads.ts';

/** The contract's projects, on the store's threads. */
export function sqliteProjects(threads: Threads, clock: Clock = systemClock): ProjectStore {
  return {
    async open(entity, name, user) {
      const found = await threads.read('findProject', [entity, name]);
      return found ?? threads.write('openProject', [entity, name, user, clock.now()]);
    },
    find: (entity, name) => threads.read('findProject', [entity, name]),
    list: (entities) => threads.read('listProjects', [entities]),
    edit: (key, patch) => threads.write('editProject', [key, patch]),
    delete: (key) => threads.write('deleteProject', [key, clock.now()]),
  };
}
