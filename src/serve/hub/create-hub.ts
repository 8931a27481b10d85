import { type Clock, systemClock } from '../../core/base/clock.ts';
import { CRASHED_AFTER_MS } from '../../core/model/run-state.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { Store } from '../store/store.ts';
import { Accounts } from './accounts.ts';
import { Files } from './files.ts';
import type { Hub } from './hub.ts';
import { KnownRuns } from './known-runs.ts';
import { Liveness } from './liveness.ts';
import { Notices } from './notices.ts';
import { Projects } from './projects.ts';
import { RunNames } from './run-names.ts';
import { removeOrphanBlobs } from './orphan-blobs.ts';
import { RepeatedWork } from './repeated-work.ts';
import { Runs } from './runs.ts';
import { sizeReading } from './size-reading.ts';
import { Streams } from './streams.ts';

/** Bytes that lost their name are looked for when something was deleted, and this often: an idle server should sleep. */
const SWEEP_EVERY_MS = 10 * 60_000;

export interface HubOptions {
  /** A live run that is silent for longer is crashed. Default: 5 minutes. */
  readonly silenceMsMax?: number;
  /** File-stream bodies in memory at once; others wait. Default: 64 MiB. */
  readonly inFlightBytesMax?: number;
  /** Hears of work behind the scenes that failed and will be tried again. */
  readonly onFault?: (error: unknown) => void;
}

/**
 * The hub on these stores, which it uses and does not own: disposing it ends subscriptions and the watch for silent runs,
 * and leaves store and blobs open.
 */
export function createHub(parts: Readonly<{ store: Store; blobs: Blobs; clock?: Clock; options?: HubOptions }>): Hub {
  const { store, blobs, clock = systemClock, options = {} } = parts;
  const { silenceMsMax = CRASHED_AFTER_MS, inFlightBytesMax = 64 * 1024 ** 2, onFault = () => {} } = options;

  const known = new KnownRuns(store);
  const notices = new Notices(store);
  const sweep = new RepeatedWork({
    pauseMs: SWEEP_EVERY_MS,
    work: () => removeOrphanBlobs(store, blobs),
    onFault,
  });
  const deleted = (): void => sweep.begin();
  const shared = { store, blobs, clock, known, notices, deleted };
  const streams = new Streams({ ...shared, inFlightBytesMax });
  const liveness = new Liveness({ ...shared, silenceMsMax });
  const looks = new RepeatedWork({ pauseMs: liveness.pauseMs, work: () => liveness.look(), onFault });

  return {
    accounts: new Accounts(store, async () => {
      known.forgetAll();
      await notices.refresh();
      deleted();
    }),
    projects: new Projects(store, known, deleted),
    runs: new Runs({ ...shared, names: new RunNames(store) }),
    streams,
    files: new Files(shared),
    notices,
    async ping() {
      await Promise.all([store.ping(), blobs.ping()]);
    },
    figures: () => ({
      ingestedBodies: streams.ingestedBodies,
      ingestedBytes: streams.ingestedBytes,
      inFlightBytes: streams.gate.inside,
      waitingBytes: streams.gate.waiting,
      subscribers: notices.subscribers,
    }),
    size: sizeReading(store, clock),
    async [Symbol.asyncDispose]() {
      await Promise.all([looks.stop(), sweep.stop()]);
      notices.close();
    },
  };
}
