import type { RunStore } from '../../runs.ts';
import type { Threads } from '../threads.ts';

/** The contract's runs, on the store's threads. */
export function sqliteRuns(threads: Threads): RunStore {
  return {
    open: (project, id, made, patch) => threads.write('openRun', [project, id, made, patch]),
    get: (key) => threads.read('getRun', [key]),
    find: (project, id) => threads.read('findRun', [project, id]),
    findMany: (project, ids) => threads.read('findRuns', [project, ids]),
    edit: (key, patch) => threads.write('editRun', [key, patch]),
    changeState: (key, change) => threads.write('changeRunState', [key, change]),
    requestStop: (key, by) => threads.write('requestRunStop', [key, by]),
    crashSilent: (heartbeatBefore, reason, at) => threads.write('crashSilentRuns', [heartbeatBefore, reason, at]),
    delete: (key) => threads.write('deleteRun', [key]),
    table: (query, columns) => threads.read('tableRuns', [query, columns], 'first'),
    list: (query) => threads.read('listRuns', [query], 'first'),
    count: (project, filter) => threads.read('countRuns', [project, filter], 'first'),
    columns: (project) => threads.read('listRunColumns', [project], 'first'),
  };
}
