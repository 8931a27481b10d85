import { open, writeFile } from 'node:fs/promises';
import { workerData } from 'node:worker_threads';
import { encodeRecord } from '../wire/wandb-record-encode.ts';
import { syncFormerLogs } from './former-logs.ts';
import { MachineReadings } from './machine-readings.ts';
import { Mailbox } from './mailbox.ts';
import { syncedMark } from './run-folder.ts';
import type { ThreadData, ThreadMessage, TrackerMessage } from './thread-messages.ts';
import { Uplink, type UplinkOutcome } from './uplink.ts';

/*
 * The thread beside the training thread: uploads the run's log, reads the machine, and brings the log to the disk each second.
 * Nothing here can hold up training; what is to go into the log is left in the mailbox, since only its owner writes it.
 */
const data = workerData as ThreadData;
const mailbox = new Mailbox(data.mailbox);
/** Records that wait for a free mailbox; the oldest readings give way. */
const OUTBOX_MAX = 64;
/** Between two attempts to empty the outbox into a mailbox that was full. */
const DELIVER_EVERY_MS = 50;
/** A power failure costs at most so much. */
const KEEP_EVERY_MS = 1000;
/** A server that is out of reach does not keep a run from going on beyond its former part. */
const FORMER_PATIENCE_MS = 5000;
const outbox: Uint8Array[] = [];
let patienceMs = Infinity;

function say(message: ThreadMessage): void {
  data.port.postMessage(message);
}

function mail(record: Uint8Array): void {
  outbox.push(record);
  if (outbox.length > OUTBOX_MAX) outbox.shift();
  deliver();
}

function deliver(): void {
  if (outbox.length === 0) return;
  const left = mailbox.leave(outbox);
  outbox.splice(0, left);
  if (left > 0) say({ type: 'mail' });
}

function readMachine(readings: MachineReadings): void {
  const items = readings.read();
  mail(encodeRecord({ type: 'stats', at: Date.now(), items }));
}

async function keepOnDisk(): Promise<void> {
  try {
    const file = await open(data.logPath, 'r');
    await file.datasync().finally(() => file.close());
  } catch {
    // A disk that cannot keep it says so to the writer, who tells.
  }
}

async function upload(): Promise<UplinkOutcome | null> {
  if (data.server === null) return null;
  if (data.resume === 'allow' || data.resume === 'must') {
    const on = { started: () => undefined, notice: () => undefined, progress: () => undefined };
    await syncFormerLogs(data.logPath, { server: data.server, force: false, patienceMs: FORMER_PATIENCE_MS, on });
  }
  let isBaseMailed = false;
  const uplink = new Uplink({
    logPath: data.logPath,
    filesFolder: data.filesFolder,
    server: data.server,
    pace: data.pace,
    resume: data.resume,
    follow: true,
    // The writer is this very process: the log ends with its exit record.
    isWriterAlive: () => true,
    patienceMs: () => patienceMs,
    recordBase: (base) => {
      if (!isBaseMailed) mail(encodeRecord({ type: 'header', producer: data.producer, base }));
      isBaseMailed = true;
      return null;
    },
    on: {
      started: (run) => {
        say({ type: 'started', run });
        mailbox.markStarted();
      },
      notice: (text) => say({ type: 'notice', text }),
      stopRequested: () => {
        mailbox.askStop();
        say({ type: 'stop' });
      },
    },
  });
  data.port.on('message', () => uplink.hurry());
  return uplink.run();
}

data.port.on('message', (message: TrackerMessage) => {
  patienceMs = message.patienceMs;
  clearInterval(reading);
});

let reading: NodeJS.Timeout | undefined;
if (data.readMachineEveryMs > 0) {
  const readings = new MachineReadings(data.filesFolder);
  readMachine(readings);
  reading = setInterval(() => readMachine(readings), data.readMachineEveryMs);
}
setInterval(() => void keepOnDisk(), KEEP_EVERY_MS);
setInterval(deliver, DELIVER_EVERY_MS);

const outcome = await upload();
if (outcome) {
  if (outcome.kind === 'synced' && outcome.damage === null)
    await writeFile(syncedMark(data.logPath), '').catch(() => undefined);
  say({ type: 'ended', outcome });
  mailbox.markEnded();
}
