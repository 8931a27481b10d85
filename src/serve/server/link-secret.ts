import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openPrivateFile } from '../../machine/private-file.ts';

/** The key that signs addresses of files: 32 bytes, made at the first start and kept, so that addresses outlive a restart. Blocks. */
export function openLinkSecret(data: string): Uint8Array {
  return Buffer.from(openPrivateFile(join(data, 'secret'), () => `${randomBytes(32).toString('hex')}\n`).trim(), 'hex');
}
