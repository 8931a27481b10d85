/**
 * The framing of a `.wandb` transaction log: LevelDB's log format with W&B's own header and checksum.
 *
 * Seven bytes of file header, then blocks of 32 KiB counted from the start of the file, header included. A record is one
 * chunk, or several when it crosses blocks. A chunk: CRC-32 (IEEE, unmasked) over type and payload, 4 bytes little endian;
 * payload length, 2 bytes little endian; type, 1 byte; payload. What is left of a block, when fewer than 7 bytes, is zeros.
 */
export const FILE_HEADER: Readonly<Uint8Array> = Uint8Array.of(0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0x00);
export const BLOCK_BYTES = 32_768;
export const CHUNK_HEADER_BYTES = 7;

export const CHUNK_FULL = 1;
export const CHUNK_FIRST = 2;
export const CHUNK_MIDDLE = 3;
export const CHUNK_LAST = 4;

/** A record longer than this is damage: no client writes one, and a reader must not hold more. */
export const RECORD_BYTES_MAX = 64 * 1024 * 1024;
