import { WireType } from '@bufbuild/protobuf/wire';
import { readFields, readNumbers, readStrings, readTimestamp } from './proto-fields.ts';
import { decodeEnvironment, decodeTelemetry } from './wandb-environment.ts';
import {
  type FilePolicy,
  HEADER_BASE_FIELD,
  HEADER_WRITER_FIELD,
  type Item,
  type LineBase,
  type LogRecord,
  type LogWriter,
  type RunRecord,
  SUMMARY_KINDS,
  type SummaryKind,
} from './wandb-record.ts';

/**
 * One record of a `.wandb` log. Unknown fields are skipped, unknown kinds are `other`; null for bytes that are no record at
 * all. Never throws.
 */
export function decodeRecord(bytes: Uint8Array): LogRecord | null {
  try {
    let record: LogRecord | null = null;
    let number = 0;
    readFields(bytes, (field, reader) => {
      const decode = RECORDS[field];
      if (decode) record = decode(reader.bytes());
      else if (field === 1) number = Number(reader.int64());
      else if (field === 16 || field === 19 || field === 200) return false;
      else {
        record ??= { type: 'other', field };
        return false;
      }
      return true;
    });
    return record ?? (number > 0 ? { type: 'other', field: 0 } : null);
  } catch {
    // The library throws on what is no protobuf; a log may hold anything.
    return null;
  }
}

const RECORDS: Readonly<Record<number, (bytes: Uint8Array) => LogRecord>> = {
  2: decodeHistory,
  3: (bytes) => decodeChange(bytes, 'summary'),
  5: (bytes) => decodeChange(bytes, 'config'),
  6: decodeFiles,
  7: decodeStats,
  11: (bytes) => ({ type: 'telemetry', facts: decodeTelemetry(bytes) }),
  12: decodeMetric,
  13: decodeOutput,
  17: decodeRun,
  18: (bytes) => ({ type: 'exit', exitCode: readNumbers(bytes)[1] ?? 0 }),
  21: decodeHeader,
  23: () => ({ type: 'preempting' }),
  26: decodeEnvironment,
};

/** The items of history, summary, config and stats. 0.31's typed values of history (fields 3 to 8) become JSON text. */
function decodeItem(bytes: Uint8Array): Item {
  let key = '';
  const nested: string[] = [];
  let json = 'null';
  readFields(bytes, (field, reader) => {
    if (field === 1) key = reader.string();
    else if (field === 2) nested.push(reader.string());
    else if (field === 16 || field === 8) json = reader.string();
    else if (field === 4) json = String(reader.bool());
    else if (field === 5) json = String(reader.sint64());
    else if (field === 6) json = numberJson(reader.double());
    else if (field === 7) json = JSON.stringify(reader.string());
    else return false;
    return true;
  });
  return { path: nested.length > 0 ? nested : [key], json };
}

function numberJson(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function decodeHistory(bytes: Uint8Array): LogRecord {
  const items: Item[] = [];
  let step = 0;
  readFields(bytes, (field, reader) => {
    if (field === 1) items.push(decodeItem(reader.bytes()));
    else if (field === 2) step = readNumbers(reader.bytes())[1] ?? 0;
    else return false;
    return true;
  });
  return { type: 'history', step, items };
}

function decodeChange(bytes: Uint8Array, type: 'summary' | 'config'): LogRecord {
  const { update, remove } = readChange(bytes);
  return { type, update, remove: remove.map((item) => item.path) };
}

function readChange(bytes: Uint8Array): { update: Item[]; remove: Item[] } {
  const change: { update: Item[]; remove: Item[] } = { update: [], remove: [] };
  readFields(bytes, (field, reader) => {
    if (field === 1) change.update.push(decodeItem(reader.bytes()));
    else if (field === 2) change.remove.push(decodeItem(reader.bytes()));
    else return false;
    return true;
  });
  return change;
}

function decodeFiles(bytes: Uint8Array): LogRecord {
  const policies: readonly FilePolicy[] = ['now', 'end', 'live'];
  const files: { path: string; policy: FilePolicy }[] = [];
  readFields(bytes, (field, reader) => {
    if (field !== 1) return false;
    const item = reader.bytes();
    files.push({ path: readStrings(item)[1] ?? '', policy: policies[readNumbers(item)[2] ?? 0] ?? 'end' });
    return true;
  });
  return { type: 'files', files };
}

function decodeStats(bytes: Uint8Array): LogRecord {
  const items: Item[] = [];
  let at = 0;
  readFields(bytes, (field, reader) => {
    if (field === 2) at = readTimestamp(reader.bytes());
    else if (field === 3) items.push(decodeItem(reader.bytes()));
    else return false;
    return true;
  });
  return { type: 'stats', at, items };
}

function decodeOutput(bytes: Uint8Array): LogRecord {
  let stderr = true;
  let at = 0;
  let text = '';
  readFields(bytes, (field, reader) => {
    if (field === 1) stderr = reader.int32() === 0;
    else if (field === 2) at = readTimestamp(reader.bytes());
    else if (field === 3) text = reader.string();
    else return false;
    return true;
  });
  return { type: 'output', stderr, at, text };
}

function decodeMetric(bytes: Uint8Array): LogRecord {
  let options: Record<number, number> = {};
  let kinds: Record<number, number> = {};
  let goal = 0;
  const names: Record<number, string> = {};
  readFields(bytes, (field, reader) => {
    if (field === 1 || field === 2 || field === 4) names[field] = reader.string();
    else if (field === 6) options = readNumbers(reader.bytes());
    else if (field === 7) kinds = readNumbers(reader.bytes());
    else if (field === 8) goal = reader.int32();
    else return false;
    return true;
  });
  const summary = SUMMARY_KINDS.filter((_, index): _ is SummaryKind => kinds[index + 1] === 1);
  return {
    type: 'metric',
    name: names[1] ?? '',
    glob: names[2] ?? '',
    stepMetric: names[4] ?? '',
    stepSync: options[1] === 1,
    hidden: options[2] === 1,
    summary,
    goal: goal === 1 ? 'minimize' : goal === 2 ? 'maximize' : null,
  };
}

function decodeRun(bytes: Uint8Array): RunRecord {
  const texts: Record<number, string> = {};
  const tags: string[] = [];
  let config: Item[] = [];
  let summary: Item[] = [];
  let git: Record<number, string> = {};
  let startedAt = 0;
  let resumed = false;
  readFields(bytes, (field, reader, wire) => {
    if (field === 4) config = readChange(reader.bytes()).update;
    else if (field === 5) summary = readChange(reader.bytes()).update;
    else if (field === 10) tags.push(reader.string());
    else if (field === 17) startedAt = readTimestamp(reader.bytes());
    else if (field === 18 || field === 24) resumed = reader.bool() || resumed;
    else if (field === 21) git = readStrings(reader.bytes());
    else if (field <= 13 && field !== 11 && wire === WireType.LengthDelimited) texts[field] = reader.string();
    else return false;
    return true;
  });
  const text = (field: number): string => texts[field] ?? '';
  return {
    type: 'run',
    runId: text(1),
    entity: text(2),
    project: text(3),
    config,
    summary,
    group: text(6),
    jobType: text(7),
    displayName: text(8),
    notes: text(9),
    tags,
    sweep: text(12),
    host: text(13),
    startedAt,
    remoteUrl: git[1] ?? '',
    commit: git[2] ?? '',
    resumed,
  };
}

function decodeHeader(bytes: Uint8Array): LogRecord {
  let producer = '';
  let base: LineBase | undefined;
  let writer: LogWriter | undefined;
  readFields(bytes, (field, reader) => {
    if (field === 1) producer = readStrings(reader.bytes())[1] ?? '';
    else if (field === HEADER_BASE_FIELD) {
      const { 1: history = 0, 2: system = 0, 3: console = 0 } = readNumbers(reader.bytes());
      base = { history, system, console };
    } else if (field === HEADER_WRITER_FIELD) {
      const message = reader.bytes();
      const { 2: startTime = '', 3: bootId = '', 4: host = '' } = readStrings(message);
      writer = { pid: readNumbers(message)[1] ?? 0, startTime, bootId, host };
    } else return false;
    return true;
  });
  return { type: 'header', producer, ...(base && { base }), ...(writer && { writer }) };
}
