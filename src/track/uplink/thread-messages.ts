import type { MessagePort } from 'node:worker_threads';
import type { ServerAddress } from './server-link.ts';
import type { StartedRun, UplinkOutcome, UplinkPace } from './uplink.ts';

/** What the uploading thread is given. */
export interface ThreadData {
  readonly port: MessagePort;
  readonly mailbox: SharedArrayBuffer;
  readonly logPath: string;
  readonly filesFolder: string;
  /** Null: nothing is uploaded; the machine is read all the same. */
  readonly server: ServerAddress | null;
  readonly pace: UplinkPace;
  readonly resume: 'allow' | 'must' | 'never' | null;
  /** 0: never. */
  readonly readMachineEveryMs: number;
  /** Name and version of the program that writes the log. */
  readonly producer: string;
}

/** From the uploading thread. */
export type ThreadMessage =
  | { readonly type: 'started'; readonly run: StartedRun }
  | { readonly type: 'notice'; readonly text: string }
  /** The mailbox is to be emptied. */
  | { readonly type: 'mail' }
  | { readonly type: 'stop' }
  | { readonly type: 'ended'; readonly outcome: UplinkOutcome };

/** To the uploading thread: the log has ended, or is about to; be out of reach for at most this long. */
export interface TrackerMessage {
  readonly type: 'finish';
  readonly patienceMs: number;
}
