import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Refusal } from '../core/model/refusal.ts';
import { openPrivateFile, readPrivateFile } from './private-file.ts';

/** The file that holds the key of this user's own server: one line, `local-` and 40 hexadecimal digits. */
export function credentialsFile(home: string): string {
  return join(home, 'credentials');
}

/** The key of this user's own server, null if none was made yet. Blocks. */
export function readLocalKey(home: string): string | null {
  const text = readPrivateFile(credentialsFile(home));
  return text === null ? null : checked(home, text);
}

/** The key of this user's own server, made on the first call. Safe when several processes call it at once. Blocks. */
export function openLocalKey(home: string): string {
  return checked(
    home,
    openPrivateFile(credentialsFile(home), () => `local-${randomBytes(20).toString('hex')}\n`),
  );
}

function checked(home: string, text: string): string {
  const key = text.trim();
  if (/^local-[0-9a-f]{40}$/.test(key)) return key;
  throw new Refusal(
    'bad_request',
    `${credentialsFile(home)} does not hold a key (local- and 40 hexadecimal digits); remove it and the next \`trackside serve\` makes another.`,
  );
}
