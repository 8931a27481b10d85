import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../core/base/clock.ts';
import { Refusal } from '../../core/model/refusal.ts';
import type { RunPath } from '../../core/model/run.ts';

/** Where the addresses of files begin. */
export const LINK_ROOT = '/blobs/runs/';

const HOUR_MS = 3_600_000;
/** A client may queue an upload behind others and retry for long. */
const UPLOAD_LIFE_MS = 24 * HOUR_MS;
const DOWNLOAD_LIFE_MS = 6 * HOUR_MS;

/** One file of one run. */
export interface LinkedFile {
  readonly path: RunPath;
  /** As the client names it; may hold `/`. */
  readonly name: string;
}

/**
 * Addresses that carry their own permission: W&B's client sends no credentials when it moves files, as with any object
 * store. Each holds an HMAC over method, file, size bound and expiry, so it lets its bearer do that one thing for a while.
 */
export interface Links {
  /** An absolute address that takes one `PUT` of at most `maxBytes`, for a day. `baseUrl` without a slash at the end. Refuses a name that is not valid Unicode. */
  upload(baseUrl: string, file: LinkedFile, maxBytes: number): string;
  /** An absolute address that answers `GET`, for six to seven hours; the same within an hour, so that browsers may cache. */
  download(baseUrl: string, file: LinkedFile): string;
  /** What a request's address permits. Refuses (`forbidden`) one that was altered or has expired, and another method. */
  check(method: 'PUT' | 'GET', url: string): LinkedFile & { readonly maxBytes: number };
}

/** @param secret 32 random bytes, made at the first start of a server and kept, so that links outlive a restart. */
export function createLinks(secret: Uint8Array, clock: Clock): Links {
  function sign(method: string, { path, name }: LinkedFile, maxBytes: number, expires: number): string {
    const said = JSON.stringify([method, path.entity, path.project, path.id, name, maxBytes, expires]);
    return createHmac('sha256', secret).update(said).digest('base64url');
  }

  function link(method: 'PUT' | 'GET', baseUrl: string, file: LinkedFile, maxBytes: number, expires: number): string {
    const { entity, project, id } = file.path;
    if (!file.name.isWellFormed())
      throw new Refusal('bad_request', 'The name of this file holds half a character, which no address can.');
    const segments = [entity, project, id, ...file.name.split('/')].map(encodeURIComponent).join('/');
    const signature = sign(method, file, maxBytes, expires);
    return `${baseUrl}${LINK_ROOT}${segments}?max=${maxBytes}&expires=${expires}&signature=${signature}`;
  }

  return {
    upload: (baseUrl, file, maxBytes) => link('PUT', baseUrl, file, maxBytes, clock.now() + UPLOAD_LIFE_MS),
    download(baseUrl, file) {
      const expires = Math.ceil((clock.now() + DOWNLOAD_LIFE_MS) / HOUR_MS) * HOUR_MS;
      return link('GET', baseUrl, file, 0, expires);
    },
    check(method, url) {
      const file = fileOf(url);
      const query = new URLSearchParams(url.slice(url.indexOf('?') + 1));
      const maxBytes = Number(query.get('max'));
      const expires = Number(query.get('expires'));
      if (file === null || !isSame(query.get('signature') ?? '', sign(method, file, maxBytes, expires)))
        throw new Refusal('forbidden', 'The signature of this address does not fit it: ask for the address again.');
      if (expires <= clock.now())
        throw new Refusal('forbidden', 'This address has expired: ask for the address again.');
      return { ...file, maxBytes };
    },
  };
}

/** The file that an address names, decoded segment by segment, so that an encoded slash stays part of its segment. */
function fileOf(url: string): LinkedFile | null {
  const end = url.indexOf('?');
  if (end < 0 || !url.startsWith(LINK_ROOT)) return null;
  try {
    const [entity, project, id, ...name] = url.slice(LINK_ROOT.length, end).split('/').map(decodeURIComponent);
    if (entity === undefined || project === undefined || id === undefined || name.length === 0) return null;
    return { path: { entity, project, id }, name: name.join('/') };
  } catch {
    return null; // a broken percent-encoding
  }
}

function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
