import type { RunFileStore } from '../../run-files.ts';
import type { Threads } from '../threads.ts';

/** The contract's run files, on the store's threads. */
export function sqliteFiles(threads: Threads): RunFileStore {
  return {
    put: (run, file) => threads.write('putFile', [run, file]),
    get: (run, name) => threads.read('getFile', [run, name]),
    list: (run, page) => threads.read('listFiles', [run, page]),
    count: (run) => threads.read('countFiles', [run]),
    delete: (run, names) => threads.write('deleteFiles', [run, names]),
    orphans: (limit) => threads.read('listOrphans', [limit]),
    forgetOrphans: (blobs) => threads.write('forgetOrphans', [blobs]),
  };
}
