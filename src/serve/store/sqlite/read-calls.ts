import type { DatabaseSync } from 'node:sqlite';
import { type Operation, type ReadContext, Transferred } from './operations.ts';
import { statement } from './statements.ts';
import { type Call, type Reply, replyOfError } from './thread-message.ts';

/** Answers one read in one snapshot. */
export function answerRead(
  db: DatabaseSync,
  operations: Readonly<Record<string, Operation<ReadContext>>>,
  call: Call,
): { reply: Reply; transfer: readonly ArrayBuffer[] } {
  const operation = operations[call.op];
  if (operation === undefined)
    return { reply: replyOfError(call.id, new Error(`no read operation ${call.op}`)), transfer: [] };
  statement(db, 'begin').run();
  try {
    const value = operation({ db }, ...(call.args as never[]));
    if (!(value instanceof Transferred)) return { reply: { id: call.id, value }, transfer: [] };
    return { reply: { id: call.id, value: value.value }, transfer: value.transfer };
  } catch (error) {
    return { reply: replyOfError(call.id, error), transfer: [] };
  } finally {
    statement(db, 'commit').run();
  }
}
