import { closeSync, fdatasyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';

/** The few things a log asks of its file, so that a test can let the disk fill. Every call blocks and throws as `node:fs` does. */
export interface LogFile {
  /** Writes at `position`; answers how many bytes went in, which may be fewer. */
  write(bytes: Uint8Array, position: number): number;
  truncate(length: number): void;
  /** Until the bytes lie on the disk. */
  sync(): void;
  close(): void;
}

/** A new file; throws `EEXIST` when there is one of that name, so that no log ever has two writers. */
export function createLogFile(path: string): LogFile {
  return open(path, 'wx');
}

/** The file of a log whose writer is gone. */
export function openLogFile(path: string): LogFile {
  return open(path, 'r+');
}

function open(path: string, flags: string): LogFile {
  const fd = openSync(path, flags, 0o644);
  return {
    write: (bytes, position) => writeSync(fd, bytes, 0, bytes.length, position),
    truncate: (length) => ftruncateSync(fd, length),
    sync: () => fdatasyncSync(fd),
    close: () => closeSync(fd),
  };
}
