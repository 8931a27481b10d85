import type { ReadContext, WriteContext } from '../operations.ts';
import { checkStreams } from './check.ts';
import { readConsole } from './console.ts';
import { appendColumns, ingest } from './ingest.ts';
import { keyReads } from './key-summaries.ts';
import { rewind } from './rewind.ts';
import { rowReads } from './rows.ts';
import { seriesReads } from './series.ts';
import { sealPending, settleRun } from './seal.ts';

/** Milliseconds of sealing between two other calls, when somebody waits for it. */
const SEAL_MS = 20;

/** Operations of the writing thread. */
export const streamWrites = {
  ingest,
  appendColumns,
  rewind,
  settleRun,
  /** Seals for some milliseconds; says whether all that was asked for is sealed. */
  sealSome: (context: WriteContext): boolean => sealPending(context, SEAL_MS),
};

/** Operations of the reading threads. */
export const streamReads = {
  ...rowReads,
  ...keyReads,
  ...seriesReads,
  readConsole,
  checkStreams: ({ db }: ReadContext) => checkStreams(db),
};
