import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { writeTimestamp } from './proto-fields.ts';
import { encodeEnvironment } from './wandb-environment.ts';
import {
  HEADER_BASE_FIELD,
  HEADER_WRITER_FIELD,
  type ChangeRecord,
  type HeaderRecord,
  type Item,
  type LogRecord,
  type MetricRecord,
  type OutputRecord,
  type RunRecord,
  type StatsRecord,
  type TelemetryRecord,
  SUMMARY_KINDS,
} from './wandb-record.ts';

/** What `encodeRecord` can write: every kind but those that Trackside does not know. */
export type WritableRecord = Exclude<LogRecord, { type: 'other' }>;

/**
 * A record as protobuf, without its number: that is a field of its own which the log's one writer puts in front
 * (`RunLog.append`). Decoding gives the record back.
 */
export function encodeRecord(record: WritableRecord): Uint8Array {
  const writer = new BinaryWriter();
  const [field, message] = encodeMessage(record);
  writer.tag(field, WireType.LengthDelimited).bytes(message);
  // Readers before 0.31 wait for ever for an answer to `run` and `exit` unless these name somebody to answer.
  if (record.type === 'run' || record.type === 'exit') {
    writer.tag(16, WireType.LengthDelimited).fork().tag(4, WireType.LengthDelimited).string(record.type).join();
  }
  return writer.finish();
}

function encodeMessage(record: WritableRecord): [field: number, message: Uint8Array] {
  switch (record.type) {
    case 'history':
      return [2, encodeHistory(record.items, record.step)];
    case 'summary':
      return [3, encodeChange(record)];
    case 'config':
      return [5, encodeChange(record)];
    case 'files':
      return [6, encodeFiles(record.files)];
    case 'stats':
      return [7, encodeStats(record)];
    case 'telemetry':
      return [11, encodeTelemetry(record)];
    case 'metric':
      return [12, encodeMetric(record)];
    case 'output':
      return [13, encodeOutput(record)];
    case 'run':
      return [17, encodeRun(record)];
    case 'exit':
      return [18, new BinaryWriter().tag(1, WireType.Varint).int32(record.exitCode).finish()];
    case 'header':
      return [21, encodeHeader(record)];
    case 'preempting':
      return [23, new Uint8Array(0)];
    case 'environment':
      return [26, encodeEnvironment(record)];
  }
}

function writeText(writer: BinaryWriter, field: number, text: string): void {
  if (text !== '') writer.tag(field, WireType.LengthDelimited).string(text);
}

function writeFlag(writer: BinaryWriter, field: number, flag: boolean): void {
  if (flag) writer.tag(field, WireType.Varint).bool(true);
}

function writeItem(writer: BinaryWriter, field: number, path: readonly string[], json: string | null): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  if (path.length === 1) writer.tag(1, WireType.LengthDelimited).string(path[0] as string);
  else for (const key of path) writer.tag(2, WireType.LengthDelimited).string(key);
  if (json !== null) writer.tag(16, WireType.LengthDelimited).string(json);
  writer.join();
}

function writeItems(writer: BinaryWriter, field: number, items: readonly Item[]): void {
  for (const item of items) writeItem(writer, field, item.path, item.json);
}

function encodeHistory(items: readonly Item[], step: number): Uint8Array {
  const writer = new BinaryWriter();
  for (const item of items) {
    // Nested keys, always: see `encodePath`.
    writer.tag(1, WireType.LengthDelimited).fork();
    for (const key of item.path) writer.tag(2, WireType.LengthDelimited).string(key);
    writer.tag(16, WireType.LengthDelimited).string(item.json).join();
  }
  return writer.tag(2, WireType.LengthDelimited).fork().tag(1, WireType.Varint).int64(step).join().finish();
}

function encodeChange(record: ChangeRecord): Uint8Array {
  const writer = new BinaryWriter();
  writeItems(writer, 1, record.update);
  for (const path of record.remove) writeItem(writer, 2, path, null);
  return writer.finish();
}

function encodeFiles(files: readonly { path: string; policy: string }[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const file of files) {
    writer.tag(1, WireType.LengthDelimited).fork();
    writeText(writer, 1, file.path);
    writer.tag(2, WireType.Varint).int32(file.policy === 'live' ? 2 : file.policy === 'end' ? 1 : 0);
    writer.join();
  }
  return writer.finish();
}

function encodeStats(record: StatsRecord): Uint8Array {
  const writer = new BinaryWriter();
  writeTimestamp(writer, 2, record.at);
  writeItems(writer, 3, record.items);
  return writer.finish();
}

function encodeTelemetry(record: TelemetryRecord): Uint8Array {
  const writer = new BinaryWriter();
  for (const [field, value] of Object.entries(record.facts)) {
    writer.tag(Number(field), WireType.LengthDelimited);
    if (typeof value === 'string') writer.string(value);
    else {
      writer.fork();
      for (const flag of value) writeFlag(writer, flag, true);
      writer.join();
    }
  }
  return writer.finish();
}

function encodeMetric(record: MetricRecord): Uint8Array {
  const writer = new BinaryWriter();
  writeText(writer, 1, record.name);
  writeText(writer, 2, record.glob);
  writeText(writer, 4, record.stepMetric);
  writer.tag(6, WireType.LengthDelimited).fork();
  writeFlag(writer, 1, record.stepSync);
  writeFlag(writer, 2, record.hidden);
  writeFlag(writer, 3, true);
  writer.join();
  writer.tag(7, WireType.LengthDelimited).fork();
  SUMMARY_KINDS.forEach((kind, index) => writeFlag(writer, index + 1, record.summary.includes(kind)));
  writer.join();
  if (record.goal !== null) writer.tag(8, WireType.Varint).int32(record.goal === 'minimize' ? 1 : 2);
  return writer.finish();
}

function encodeOutput(record: OutputRecord): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int32(record.stderr ? 0 : 1);
  writeTimestamp(writer, 2, record.at);
  writeText(writer, 3, record.text);
  return writer.finish();
}

function encodeRun(record: RunRecord): Uint8Array {
  const writer = new BinaryWriter();
  writeText(writer, 1, record.runId);
  writeText(writer, 2, record.entity);
  writeText(writer, 3, record.project);
  writer.tag(4, WireType.LengthDelimited).fork();
  writeItems(writer, 1, record.config);
  writer.join();
  writer.tag(5, WireType.LengthDelimited).fork();
  writeItems(writer, 1, record.summary);
  writer.join();
  writeText(writer, 6, record.group);
  writeText(writer, 7, record.jobType);
  writeText(writer, 8, record.displayName);
  writeText(writer, 9, record.notes);
  for (const tag of record.tags) writer.tag(10, WireType.LengthDelimited).string(tag);
  writeText(writer, 12, record.sweep);
  writeText(writer, 13, record.host);
  writeTimestamp(writer, 17, record.startedAt);
  writer.tag(21, WireType.LengthDelimited).fork();
  writeText(writer, 1, record.remoteUrl);
  writeText(writer, 2, record.commit);
  writer.join();
  writeFlag(writer, 24, record.resumed);
  return writer.finish();
}

function encodeHeader(record: HeaderRecord): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.LengthDelimited).fork();
  writeText(writer, 1, record.producer);
  writer.join();
  if (record.base) {
    writer.tag(HEADER_BASE_FIELD, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.Varint).int64(record.base.history);
    writer.tag(2, WireType.Varint).int64(record.base.system);
    writer.tag(3, WireType.Varint).int64(record.base.console).join();
  }
  if (record.writer) {
    writer.tag(HEADER_WRITER_FIELD, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.Varint).int64(record.writer.pid);
    writeText(writer, 2, record.writer.startTime);
    writeText(writer, 3, record.writer.bootId);
    writeText(writer, 4, record.writer.host);
    writer.join();
  }
  return writer.finish();
}
