import { BinaryReader, type BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Walks the fields of a message; `take` answers whether it read the value, else it is skipped. Throws on bad bytes. */
export function readFields(
  bytes: Uint8Array,
  take: (field: number, reader: BinaryReader, wire: WireType) => boolean,
): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (!take(field, reader, wire)) reader.skip(wire, field);
  }
}

/** The integer fields of a message, by number. */
export function readNumbers(bytes: Uint8Array): Record<number, number> {
  const numbers: Record<number, number> = {};
  readFields(bytes, (field, reader, wire) => {
    if (wire !== WireType.Varint) return false;
    numbers[field] = Number(reader.int64());
    return true;
  });
  return numbers;
}

/** The text fields of a message, by number. */
export function readStrings(bytes: Uint8Array): Record<number, string> {
  const strings: Record<number, string> = {};
  readFields(bytes, (field, reader, wire) => {
    if (wire !== WireType.LengthDelimited) return false;
    strings[field] = reader.string();
    return true;
  });
  return strings;
}

/** Milliseconds since the epoch of a `Timestamp {seconds=1 nanos=2}`. */
export function readTimestamp(bytes: Uint8Array): number {
  const { 1: seconds = 0, 2: nanos = 0 } = readNumbers(bytes);
  return seconds * 1000 + nanos / 1e6;
}

/** Writes a `Timestamp {seconds=1 nanos=2}` of milliseconds since the epoch. */
export function writeTimestamp(writer: BinaryWriter, field: number, ms: number): void {
  const seconds = Math.floor(ms / 1000);
  writer.tag(field, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.Varint).int64(seconds);
  writer.tag(2, WireType.Varint).int32(Math.round((ms - seconds * 1000) * 1e6));
  writer.join();
}
