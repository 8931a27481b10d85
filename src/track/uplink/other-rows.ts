import { jsonMembers, jsonNumber } from '../wire/json-text.ts';
import type { HistoryRecord } from '../wire/wandb-record.ts';
import { LogTail } from './log-tail.ts';
import { UploadEnded } from './retry.ts';

/** Rows of the run, as JSON texts, that the server has at a step; null when it cannot say. */
export type AskRows = (step: number) => Promise<readonly string[] | null>;

/**
 * Refuses (`UploadEnded`) a log whose rows would take the place of others. A run may have been resumed before all rows of its
 * former part had arrived: then the rows of the later log stand where those of this one belong, and a server would cut them
 * away. One row tells: the last of this log among the lines that the server has.
 * @param count lines that the server has, from the log's first line on.
 */
export async function refuseOtherRows(logPath: string, count: number, ask: AskRows): Promise<void> {
  const row = await lastOf(logPath, count);
  const step = row && numberOf(row, '_step');
  const at = row && numberOf(row, '_timestamp');
  if (step === null || at === null || !Number.isSafeInteger(step)) return;
  const there = await ask(step);
  if (there === null || there.some((text) => timestampOf(text) === at)) return;
  throw new UploadEnded(
    'refused',
    'the run went on under another log before all rows of this one had arrived, and sending them now would take the place of later ones; they stay in this log',
  );
}

/** The last of the log's first `count` rows. */
async function lastOf(logPath: string, count: number): Promise<HistoryRecord | null> {
  const tail = new LogTail(logPath);
  let last: HistoryRecord | null = null;
  for (let seen = 0; seen < count;) {
    const records = await tail.read();
    if (records.length === 0) return last;
    for (const record of records) if (record.type === 'history' && seen++ < count) last = record;
  }
  return last;
}

function numberOf({ items, step }: HistoryRecord, key: string): number | null {
  const item = items.find(({ path }) => path.length === 1 && path[0] === key);
  return item ? jsonNumber(item.json) : key === '_step' ? step : null;
}

function timestampOf(row: string): number | null {
  return jsonNumber(new Map(jsonMembers(row)).get('_timestamp') ?? '');
}
