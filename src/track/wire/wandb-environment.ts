import { type BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { readFields, readTimestamp, writeTimestamp } from './proto-fields.ts';
import type { EnvironmentRecord } from './wandb-record.ts';

/** A field of W&B's environment messages: its name in `wandb-metadata.json`, and what it holds. */
type Field = readonly [name: string, kind: 'text' | 'texts' | 'count' | 'bytes' | 'time' | 'map' | Message | [Message]];
interface Message {
  readonly [field: number]: Field;
}

const DISK: Message = { 1: ['total', 'bytes'], 2: ['used', 'bytes'] };
const GPU: Message = {
  1: ['name', 'text'],
  2: ['memoryTotal', 'bytes'],
  3: ['cudaCores', 'count'],
  4: ['architecture', 'text'],
  5: ['uuid', 'text'],
};
const ENVIRONMENT: Message = {
  1: ['os', 'text'],
  2: ['python', 'text'],
  3: ['startedAt', 'time'],
  4: ['docker', 'text'],
  5: ['args', 'texts'],
  6: ['program', 'text'],
  7: ['codePath', 'text'],
  8: ['codePathLocal', 'text'],
  9: ['git', { 1: ['remote', 'text'], 2: ['commit', 'text'] }],
  10: ['email', 'text'],
  11: ['root', 'text'],
  12: ['host', 'text'],
  13: ['username', 'text'],
  14: ['executable', 'text'],
  16: ['cpu_count', 'count'],
  17: ['cpu_count_logical', 'count'],
  18: ['gpu', 'text'],
  19: ['gpu_count', 'count'],
  20: ['disk', 'map'],
  21: ['memory', { 1: ['total', 'bytes'] }],
  22: ['cpu', { 1: ['count', 'count'], 2: ['countLogical', 'count'], 3: ['model', 'text'] }],
  24: ['gpu_nvidia', [GPU]],
  25: ['cudaVersion', 'text'],
  27: ['slurm', 'map'],
};
const WRITER_ID_FIELD = 199;

/** Decodes an environment message; bytes and other 64-bit numbers are text, as W&B's files have them. Throws on bad bytes. */
export function decodeEnvironment(bytes: Uint8Array): EnvironmentRecord {
  let writerId = '';
  readFields(bytes, (field, reader) => {
    if (field !== WRITER_ID_FIELD) return false;
    writerId = reader.string();
    return true;
  });
  return { type: 'environment', writerId, facts: decodeMessage(bytes, ENVIRONMENT) };
}

function decodeMessage(bytes: Uint8Array, message: Message): Record<string, unknown> {
  const facts: Record<string, unknown> = {};
  readFields(bytes, (number, reader) => {
    const field = message[number];
    if (field === undefined) return false;
    const [name, kind] = field;
    if (kind === 'texts') ((facts[name] ??= []) as unknown[]).push(reader.string());
    else if (kind === 'map') Object.assign((facts[name] ??= {}) as object, decodeMapEntry(reader.bytes(), name));
    else if (Array.isArray(kind)) ((facts[name] ??= []) as unknown[]).push(decodeMessage(reader.bytes(), kind[0]));
    else facts[name] = decodeValue(reader, kind as Exclude<typeof kind, [Message]>);
    return true;
  });
  return facts;
}

function decodeValue(reader: BinaryReader, kind: 'text' | 'count' | 'bytes' | 'time' | Message): unknown {
  if (kind === 'text') return reader.string();
  if (kind === 'count') return reader.uint32();
  if (kind === 'bytes') return String(reader.uint64());
  if (kind === 'time') return isoTime(readTimestamp(reader.bytes()));
  return decodeMessage(reader.bytes(), kind);
}

/** An instant in milliseconds as text, empty for one beyond what a date can hold. */
function isoTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

function decodeMapEntry(bytes: Uint8Array, name: string): Record<string, unknown> {
  let key = '';
  let value: unknown = '';
  readFields(bytes, (field, reader) => {
    if (field === 1) key = reader.string();
    else if (field === 2) value = name === 'disk' ? decodeMessage(reader.bytes(), DISK) : reader.string();
    else return false;
    return true;
  });
  // Computed keys of a literal are own properties, `__proto__` included.
  return { [key]: value };
}

/** The environment message that reads back as these facts; facts of other names are left out. */
export function encodeEnvironment(record: EnvironmentRecord): Uint8Array {
  const writer = new BinaryWriter();
  writeMessage(writer, record.facts, ENVIRONMENT);
  return writer.tag(WRITER_ID_FIELD, WireType.LengthDelimited).string(record.writerId).finish();
}

function writeMessage(writer: BinaryWriter, facts: Readonly<Record<string, unknown>>, message: Message): void {
  for (const [number, [name, kind]] of Object.entries(message) as unknown as [number, Field][]) {
    const value = facts[name];
    if (value === undefined || value === null || value === '') continue;
    const field = Number(number);
    if (kind === 'text') writer.tag(field, WireType.LengthDelimited).string(String(value));
    else if (kind === 'count') writer.tag(field, WireType.Varint).uint32(Number(value));
    else if (kind === 'bytes') writer.tag(field, WireType.Varint).uint64(String(value));
    else if (kind === 'time') writeTimestamp(writer, field, Date.parse(String(value)));
    else if (kind === 'texts') {
      for (const text of value as string[]) writer.tag(field, WireType.LengthDelimited).string(text);
    } else if (kind === 'map') writeMap(writer, field, value as Record<string, unknown>, name);
    else if (Array.isArray(kind)) {
      for (const entry of value as Record<string, unknown>[]) writeNested(writer, field, entry, kind[0]);
    } else writeNested(writer, field, value as Record<string, unknown>, kind as Message);
  }
}

function writeNested(writer: BinaryWriter, field: number, facts: Record<string, unknown>, message: Message): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  writeMessage(writer, facts, message);
  writer.join();
}

function writeMap(writer: BinaryWriter, field: number, entries: Record<string, unknown>, name: string): void {
  for (const [key, value] of Object.entries(entries)) {
    writer.tag(field, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).string(key);
    if (name === 'disk') writeNested(writer, 2, value as Record<string, unknown>, DISK);
    else writer.tag(2, WireType.LengthDelimited).string(String(value));
    writer.join();
  }
}

/** A telemetry message as W&B puts it into `_wandb.t`: text by field number, and sets of flags as lists of their numbers. */
export function decodeTelemetry(bytes: Uint8Array): Record<string, string | readonly number[]> {
  const texts = new Set([4, 5, 6, 12, 13]);
  const facts: Record<string, string | readonly number[]> = {};
  readFields(bytes, (field, reader, wire) => {
    if (wire !== WireType.LengthDelimited || field === 200) return false;
    const value = reader.bytes();
    if (texts.has(field)) facts[field] = new TextDecoder().decode(value);
    else facts[field] = readFlags(value);
    return true;
  });
  return facts;
}

function readFlags(bytes: Uint8Array): number[] {
  const flags: number[] = [];
  readFields(bytes, (field, reader, wire) => {
    if (wire !== WireType.Varint) return false;
    if (reader.bool()) flags.push(field);
    return true;
  });
  return flags;
}
