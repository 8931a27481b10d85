import { Refusal, type RefusalCode } from '../../../core/model/refusal.ts';

/** What a thread is told at its start. */
export interface ThreadData {
  readonly path: string;
  readonly role: 'write' | 'read';
}

export interface Call {
  readonly id: number;
  readonly op: string;
  readonly args: readonly unknown[];
}

export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly refused: { code: RefusalCode; message: string; retryAfterS: number | undefined } }
  | { readonly id: number; readonly broke: { message: string; stack: string | undefined } };

const RETRY_AFTER_S = 2;
/** SQLite's primary result codes for troubles that pass: busy, locked, out of memory, I/O error, full. */
const PASSING: Readonly<Record<number, string>> = {
  5: 'the store is busy',
  6: 'the store is locked',
  7: 'the machine is out of memory',
  10: 'the disk reports an error',
  13: 'the disk is full',
};

/** An error as it crosses to the other thread. A passing trouble of SQLite becomes `unavailable`. */
export function replyOfError(id: number, error: unknown): Reply {
  if (error instanceof Refusal) {
    return { id, refused: { code: error.code, message: error.message, retryAfterS: error.retryAfterS } };
  }
  const code = (error as { errcode?: number }).errcode;
  const passing = code === undefined ? undefined : PASSING[code & 0xff];
  if (passing !== undefined) {
    const message = `${passing}; nothing of this request was kept, try again`;
    return { id, refused: { code: 'unavailable', message, retryAfterS: RETRY_AFTER_S } };
  }
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
  return { id, broke: { message, stack } };
}

export function errorOfReply(reply: Exclude<Reply, { value: unknown }>): Error {
  if ('refused' in reply) return new Refusal(reply.refused.code, reply.refused.message, reply.refused.retryAfterS);
  const error = new Error(`store: ${reply.broke.message}`);
  if (reply.broke.stack !== undefined) error.stack = reply.broke.stack;
  return error;
}
