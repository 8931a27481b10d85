/** A file of a run, by its name (which may hold `/`). It exists once its bytes have arrived. */
export interface RunFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly md5: string;
  readonly mimetype: string;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
  /** Where the bytes lie, as `serve/blobs` names them. */
  readonly blob: string;
}
