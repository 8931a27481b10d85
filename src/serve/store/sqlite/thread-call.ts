import { Worker } from 'node:worker_threads';
import type { Operation, Transferred } from './operations.ts';
import { type Call, errorOfReply, type Reply, type ThreadData } from './thread-message.ts';

export type Operations = Readonly<Record<string, Operation<never>>>;
export type Arguments<Op> = Op extends (context: never, ...args: infer Args) => unknown ? Args : never;
export type Value<Op> = Op extends (context: never, ...args: never[]) => infer Out
  ? Out extends Transferred<infer T>
    ? T
    : Out
  : never;

/** The main thread's side of one store thread: calls go out, replies come back in any order. */
export class Thread<Ops extends Operations> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  readonly #exited: Promise<void>;
  #id = 0;
  #closed: Error | undefined;

  /** Resolves when the thread has opened its database; rejects when it cannot. */
  static async open<Ops extends Operations>(data: ThreadData): Promise<Thread<Ops>> {
    const thread = new Thread<Ops>(data);
    await new Promise<null>((resolve, reject) => thread.#waiting.set(0, { resolve, reject }));
    return thread;
  }

  private constructor(data: ThreadData) {
    this.#worker = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData: data,
      name: `store-${data.role}`,
      // A young generation of 8 MiB collects in less than a millisecond and keeps an idle server small.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    this.#worker.on('message', (replies: Reply[]) => replies.forEach((reply) => this.#settle(reply)));
    this.#worker.on('error', (error) => this.#break(error));
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#break(new Error('the store is closed'));
        resolve();
      });
    });
  }

  /** Calls that were sent and not answered. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** Runs the operation over there. Buffers in `transfer` are moved, and must not be used here any more. */
  call<Name extends keyof Ops & string>(
    op: Name,
    args: Arguments<Ops[Name]>,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Value<Ops[Name]>> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    const call: Call = { id: ++this.#id, op, args };
    return new Promise((resolve, reject) => {
      this.#waiting.set(call.id, { resolve, reject });
      this.#worker.postMessage(call, transfer as ArrayBuffer[]);
    });
  }

  /** Answers what was asked, then closes the database. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed === undefined) this.#worker.postMessage('close');
    await this.#exited;
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('value' in reply) waiting?.resolve(reply.value as never);
    else waiting?.reject(errorOfReply(reply));
  }

  #break(error: Error): void {
    this.#closed ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#closed);
    this.#waiting.clear();
  }
}
