import { Refusal } from '../../../core/model/refusal.ts';

const RETRY_AFTER_S = 10;

/** Troubles of the disk that pass, and what they are called. */
const PASSING: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the disk reports an error',
  EMFILE: 'the server has too many files open',
  ENFILE: 'the machine has too many files open',
  EROFS: 'the disk is read-only',
};

/** The error as a caller should see it: passing trouble of the disk is `unavailable`, anything else stays what it is. */
export function refusedByDisk(error: unknown): unknown {
  const code = codeOf(error);
  const trouble = code === undefined ? undefined : PASSING[code];
  if (trouble === undefined) return error;
  return new Refusal('unavailable', `${trouble}; nothing was kept, try again when that is mended`, RETRY_AFTER_S);
}

export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}
