import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { identifyProcess, isProcessAlive, type ProcessIdentity } from '../../machine/process-identity.ts';
import { readPrivateFile, writePrivateFile } from '../../machine/private-file.ts';

/** What a running server leaves in its data folder, so that commands find it. Only a hint: the lock is what counts. */
export interface ServerNote extends ProcessIdentity {
  /** Where it answers, such as `http://127.0.0.1:7878`. */
  readonly url: string;
  readonly auth: 'local' | 'users';
}

const noteFile = (folder: string): string => join(folder, 'server.json');

/** The server that runs on this folder; null when none does. Of a server on another host it cannot be known, so it counts. Blocks. */
export function readServerNote(folder: string): ServerNote | null {
  try {
    const note = JSON.parse(readPrivateFile(noteFile(folder)) ?? 'null') as ServerNote | null;
    return note && isProcessAlive(note) !== false ? note : null;
  } catch {
    return null; // Written by hand or by a later version: as good as none.
  }
}

/** Says that this process serves the folder. Dispose when it no longer does. Blocks. */
export function leaveServerNote(folder: string, server: Pick<ServerNote, 'url' | 'auth'>): Disposable {
  const self = identifyProcess();
  if (self) writePrivateFile(noteFile(folder), `${JSON.stringify({ ...self, ...server }, null, 2)}\n`);
  return { [Symbol.dispose]: () => rmSync(noteFile(folder), { force: true }) };
}
