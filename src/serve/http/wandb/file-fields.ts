import type { RunFile } from '../../../core/model/run-file.ts';
import type { Run } from '../../../core/model/run.ts';
import { fileStorageId } from '../../../track/wire/graphql/storage-id.ts';
import type { Caller } from './caller.ts';
import type { Fields } from './fields.ts';
import { type Connection, connection, isoTime, pageSize } from './page.ts';

/** The largest file of a run that is taken. */
const BYTES_MAX = 5 * 2 ** 30;

/**
 * What the GraphQL type `File` stands for: a file of a run, or one that is yet to be uploaded (`file` null). Its addresses
 * carry the permission to read or write it; whoever sees a run may do both.
 */
export interface FoundFile {
  readonly run: Run;
  readonly name: string;
  readonly file: RunFile | null;
}

export const fileFields: Fields<FoundFile> = {
  id: ({ run, name }) => fileStorageId(run, name),
  displayName: ({ name }) => name,
  sizeBytes: ({ file }) => file?.sizeBytes ?? 0,
  mimetype: ({ file }) => file?.mimetype ?? null,
  updatedAt: ({ file }) => (file === null ? null : isoTime(file.updatedAt)),
  md5: ({ file }) => (file === null ? null : Buffer.from(file.md5, 'hex').toString('base64')),
  url: (found, args: { upload?: boolean | null }, caller) =>
    args.upload === true ? uploadUrl(found, args, caller) : downloadUrl(found, args, caller),
  directUrl: downloadUrl,
  uploadUrl,
};

function uploadUrl({ run, name }: FoundFile, _args: unknown, { links, baseUrl }: Caller): string {
  return links.upload(baseUrl, { path: run, name }, BYTES_MAX);
}

function downloadUrl({ run, name, file }: FoundFile, _args: unknown, { links, baseUrl }: Caller): string | null {
  return file === null ? null : links.download(baseUrl, { path: run, name });
}

export interface FilePage {
  readonly names?: readonly (string | null)[] | null;
  /** SQL's LIKE. */
  readonly pattern?: string | null;
  readonly after?: string | null;
  readonly first?: number | null;
}

/** Files of a run whose bytes have arrived, by name. */
export async function fileConnection(
  { hub, who }: Caller,
  run: Run,
  page: FilePage,
): Promise<Connection<FoundFile> & { totalCount: () => Promise<number> }> {
  // People ask for `./notes.md` when that is what they saved.
  const names = (page.names ?? []).flatMap((name) => (name === null ? [] : [name.replace(/^(\.\/+)+/, '')]));
  const limit = pageSize(page.first);
  const found = await hub.files.list(who, run, {
    ...(names.length > 0 ? { names } : {}),
    ...(page.pattern ? { like: page.pattern } : {}),
    ...(page.after ? { after: page.after } : {}),
    limit: limit + 1,
  });
  const edges = found.slice(0, limit).map((file) => ({ node: { run, name: file.name, file }, cursor: file.name }));
  return { ...connection(edges, found.length > limit), totalCount: () => hub.files.count(who, run) };
}
