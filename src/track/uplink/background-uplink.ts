import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { Mailbox } from './mailbox.ts';
import type { ThreadData, ThreadMessage, TrackerMessage } from './thread-messages.ts';
import type { StartedRun, UplinkOutcome } from './uplink.ts';

/** How often a blocked training thread looks for mail. */
const MAIL_EVERY_MS = 10;

export interface BackgroundOptions extends Omit<ThreadData, 'port' | 'mailbox'> {
  readonly on: {
    started(run: StartedRun): void;
    notice(text: string): void;
    /** Records wait in the mailbox. */
    mail(): void;
    stop(): void;
    ended(outcome: UplinkOutcome): void;
  };
}

/** The uploading thread as the training thread sees it. It never keeps the process alive, and its failure is a notice. */
export class BackgroundUplink {
  readonly mailbox = new Mailbox();
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #on: BackgroundOptions['on'];
  readonly #hasServer: boolean;
  readonly #ended: Promise<void>;
  #outcome: UplinkOutcome | null = null;

  constructor({ on, ...data }: BackgroundOptions) {
    this.#on = on;
    this.#hasServer = data.server !== null;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const threadData: ThreadData = { ...data, port: port2, mailbox: this.mailbox.memory };
    this.#worker = new Worker(new URL('./uplink-thread.ts', import.meta.url), {
      workerData: threadData,
      transferList: [port2],
      // Flags of the training program, such as loaders, are no business of this thread.
      execArgv: [],
    });
    this.#ended = new Promise((resolve) => {
      port1.on('message', (message: ThreadMessage) => {
        this.#take(message);
        if (message.type === 'ended') resolve();
      });
      this.#worker.on('error', (error: Error) => {
        on.notice(`Uploading ended with an error (${error.message}); \`trackside sync\` uploads the rest later.`);
        resolve();
      });
      this.#worker.on('exit', () => resolve());
    });
    this.#worker.unref();
    port1.unref();
  }

  /** Blocks until the server has answered or `timeoutMs` have passed; whether it has. Messages are handled before it returns. */
  awaitStarted(timeoutMs: number): boolean {
    const came = this.mailbox.awaitStarted(timeoutMs);
    this.#takeWaiting();
    return came;
  }

  /** The log has ended: resolves when all of it has arrived or cannot, and the thread is gone. */
  async finish(patienceMs: number): Promise<UplinkOutcome | null> {
    if (this.#hasServer) {
      this.#tell({ type: 'finish', patienceMs });
      this.#worker.ref();
      this.#port.ref();
      await this.#ended;
    }
    await this.#worker.terminate();
    this.#port.close();
    return this.#outcome;
  }

  /** The same for a process that is about to exit: blocks, at most `patienceMs`. */
  finishNow(patienceMs: number): UplinkOutcome | null {
    if (!this.#hasServer) return null;
    this.#tell({ type: 'finish', patienceMs });
    const until = performance.now() + patienceMs;
    // In slices: the thread may still have something for the log.
    while (!this.mailbox.awaitEnded(MAIL_EVERY_MS) && performance.now() < until) this.#takeWaiting();
    this.#takeWaiting();
    return this.#outcome;
  }

  #tell(message: TrackerMessage): void {
    this.#port.postMessage(message);
  }

  #takeWaiting(): void {
    for (let next = receiveMessageOnPort(this.#port); next; next = receiveMessageOnPort(this.#port)) {
      this.#take(next.message as ThreadMessage);
    }
  }

  #take(message: ThreadMessage): void {
    switch (message.type) {
      case 'started':
        return this.#on.started(message.run);
      case 'notice':
        return this.#on.notice(message.text);
      case 'mail':
        return this.#on.mail();
      case 'stop':
        return this.#on.stop();
      case 'ended':
        this.#outcome = message.outcome;
        return this.#on.ended(message.outcome);
    }
  }
}
