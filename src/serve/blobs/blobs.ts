import type { Readable } from 'node:stream';

/** What arrived: its name in the store and what was measured on the way. Digests in lower-case hex. */
export interface StoredBlob {
  readonly blob: string;
  readonly sizeBytes: number;
  readonly md5: string;
  readonly sha256: string;
}

/**
 * The bytes of files and artifacts. Content is written aside and becomes visible whole, under a name of the store's own
 * choosing, when `put` resolves (durable then). Blobs are never changed.
 */
export interface Blobs extends AsyncDisposable {
  /** Reads the stream to its end. More than `maxBytes` is refused (`too_large`); a digest that differs from `md5` too (`bad_request`); a full disk is `unavailable`. Nothing is left behind then. */
  put(bytes: Readable, limits: { maxBytes: number; md5?: string }): Promise<StoredBlob>;
  /** The bytes from `start` up to and excluding `end`. `not_found` if it is gone. */
  open(blob: string, range?: { start: number; end: number }): Promise<Readable>;
  size(blob: string): Promise<number | null>;
  /** False if there was none. */
  delete(blob: string): Promise<boolean>;
  ping(): Promise<void>;
}
