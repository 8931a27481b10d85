import type { DatabaseSync } from 'node:sqlite';
import { checkpointWhenLong, QUIET_MS, tidySlice } from './housekeeping.ts';
import { type Operation, Transferred, type WriteContext } from './operations.ts';
import { statement } from './statements.ts';
import { type Call, type Reply, replyOfError } from './thread-message.ts';

/** A group is committed after this long, so that the first caller in it does not wait for a crowd. */
const GROUP_MS_MAX = 20;

/**
 * The writing thread's loop. Calls that have arrived are run one after the other in one transaction, each in a savepoint,
 * and answered together after the commit: one sync of the disk serves them all. When none waits, idle slices run.
 */
export class WriteLoop {
  readonly #db: DatabaseSync;
  readonly #operations: Readonly<Record<string, Operation<WriteContext>>>;
  readonly #send: (replies: Reply[], transfer: ArrayBuffer[]) => void;
  readonly #queue: Call[] = [];
  readonly #slices = new Map<string, () => boolean>();
  readonly #context: WriteContext;
  #committed: (() => void)[] = [];
  #undone: (() => void)[] = [];
  #scheduled = false;
  #tidied = true;
  #quiet: NodeJS.Timeout | undefined;

  constructor(
    db: DatabaseSync,
    operations: Readonly<Record<string, Operation<WriteContext>>>,
    send: (replies: Reply[], transfer: ArrayBuffer[]) => void,
  ) {
    this.#db = db;
    this.#operations = operations;
    this.#send = send;
    this.#context = {
      db,
      afterCommit: (act) => void this.#committed.push(act),
      onRollback: (act) => void this.#undone.push(act),
      idle: (name, slice) => {
        if (!this.#slices.has(name)) this.#slices.set(name, slice);
        this.#schedule();
      },
    };
  }

  take(call: Call): void {
    this.#queue.push(call);
    this.#schedule();
  }

  /** Runs work that no caller asked for, such as picking up at start what a crash left. */
  run(act: (context: WriteContext) => void): void {
    this.#transaction(() => act(this.#context));
  }

  /** Answers what has arrived, leaves idle work for the next start. */
  drain(): void {
    while (this.#queue.length > 0) this.#group();
    this.#slices.clear();
    this.#tidied = true;
    clearTimeout(this.#quiet);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#queue.length > 0) this.#group();
      else this.#idle();
      if (this.#queue.length > 0 || this.#slices.size > 0) this.#schedule();
      else this.#awaitQuiet();
    });
  }

  #group(): void {
    const replies: Reply[] = [];
    const transfer: ArrayBuffer[] = [];
    const calls: Call[] = [];
    const until = performance.now() + GROUP_MS_MAX;
    try {
      this.#transaction(() => {
        do {
          const call = this.#queue.shift();
          if (call === undefined) break;
          calls.push(call);
          replies.push(this.#call(call, transfer));
        } while (performance.now() < until);
      });
      this.#send(replies, transfer);
    } catch (error) {
      this.#send(
        calls.map((call) => replyOfError(call.id, error)),
        [],
      );
    }
    this.#afterWrite();
  }

  /** One call in its savepoint. Throws only when the whole transaction is lost. */
  #call(call: Call, transfer: ArrayBuffer[]): Reply {
    const operation = this.#operations[call.op];
    if (operation === undefined) return replyOfError(call.id, new Error(`no write operation ${call.op}`));
    const committed = this.#committed.length;
    const undone = this.#undone.length;
    statement(this.#db, 'savepoint one').run();
    try {
      const value = operation(this.#context, ...(call.args as never[]));
      statement(this.#db, 'release one').run();
      if (!(value instanceof Transferred)) return { id: call.id, value };
      transfer.push(...value.transfer);
      return { id: call.id, value: value.value };
    } catch (error) {
      // A full disk can end the whole transaction, and with it what was done for the calls before this one.
      if (!this.#db.isTransaction) throw error;
      this.#db.exec('rollback to one; release one');
      this.#committed.length = committed;
      for (const act of this.#undone.splice(undone).reverse()) act();
      return replyOfError(call.id, error);
    }
  }

  #transaction(act: () => void): void {
    try {
      statement(this.#db, 'begin immediate').run();
      act();
      statement(this.#db, 'commit').run();
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('rollback');
      this.#committed = [];
      for (const undo of this.#undone.splice(0).reverse()) undo();
      throw error;
    }
    this.#undone = [];
    for (const done of this.#committed.splice(0)) done();
  }

  #idle(): void {
    const next = this.#slices.entries().next();
    if (next.done === true) return;
    const [name, slice] = next.value;
    this.#slices.delete(name);
    try {
      let done = true;
      this.#transaction(() => {
        done = slice();
      });
      // Behind the others: every piece of idle work gets its turn.
      if (!done && !this.#slices.has(name)) this.#slices.set(name, slice);
    } catch (error) {
      // Nothing was lost: the slice rolled back, and whoever needs it asks for it again. A full disk ends up here.
      process.emitWarning(`store: ${name} was put off: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.#afterWrite();
  }

  #afterWrite(): void {
    this.#tidied = false;
    try {
      checkpointWhenLong(this.#db);
    } catch {
      // A checkpoint that fails (a full disk) loses nothing: the log keeps the rows, and the next commit tries again.
    }
  }

  #awaitQuiet(): void {
    if (this.#tidied) return;
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#tidy(), QUIET_MS);
    this.#quiet.unref();
  }

  #tidy(): void {
    if (this.#queue.length > 0 || this.#slices.size > 0 || this.#tidied) return;
    try {
      this.#tidied = tidySlice(this.#db);
    } catch {
      this.#tidied = true; // Busy or full: the next write asks for it again.
    }
    if (!this.#tidied) setImmediate(() => this.#tidy());
  }
}
