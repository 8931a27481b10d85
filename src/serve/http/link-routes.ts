import { PassThrough, Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../core/model/refusal.ts';
import type { HubFiles } from '../hub/hub.ts';
import { declaredBytes } from './body.ts';
import { parseRange } from './byte-range.ts';
import { fileHeaders } from './file-headers.ts';
import { LINK_ROOT, type LinkedFile, type Links } from './links.ts';

/** The routes behind signed addresses: bytes of files in and out, as streams. What they permit is in the address. */
export function linkRoutes(app: FastifyInstance, { files, links }: { files: HubFiles; links: Links }): void {
  const route = { config: { access: 'open' } } as const;
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));

    scope.put(`${LINK_ROOT}*`, route, async (request, reply) => {
      const { path, name, maxBytes } = links.check('PUT', request.raw.url ?? '');
      const declared = declaredBytes(request);
      if (declared !== null && declared > maxBytes) throw tooLarge(maxBytes);
      const type = request.headers['content-type'] ?? null;
      using upload = new Upload(request.raw);
      const { md5 } = await files.receive(path, name, upload.bytes, type, { maxBytes });
      return reply.header('etag', `"${md5}"`).send('');
    });

    scope.get(`${LINK_ROOT}*`, route, (request, reply) => {
      const file = links.check('GET', request.raw.url ?? '');
      return sendFile(files, file, request, reply);
    });
  });
}

async function sendFile(
  files: HubFiles,
  { path, name }: LinkedFile,
  { headers, method }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const whole = await files.read(path, name);
  if (whole === null) throw new Refusal('not_found', 'There is no such file (any more).');
  const { sizeBytes, md5, updatedAt } = whole.file;
  const etag = `"${md5}"`;
  reply.headers({
    ...fileHeaders(name),
    etag,
    'last-modified': new Date(updatedAt).toUTCString(),
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache', // a file may be replaced under its name
  });
  const close = () => whole.bytes.destroy();
  if (headers['if-none-match'] === etag) {
    close();
    return reply.code(304).send();
  }
  const isSameFile = headers['if-range'] === undefined || headers['if-range'] === etag;
  const range = isSameFile ? parseRange(headers.range, sizeBytes) : null;
  if (range === null && method !== 'HEAD') return reply.header('content-length', sizeBytes).send(whole.bytes);
  close();
  if (range === null) return reply.header('content-length', sizeBytes).send(Readable.from([]));
  if (range === 'unsatisfiable')
    return reply
      .code(416)
      .headers({ 'content-range': `bytes */${sizeBytes}`, 'content-length': 0 })
      .send('');
  const part = await files.read(path, name, range);
  if (part === null || part.file.md5 !== md5) {
    part?.bytes.destroy();
    throw new Refusal('unavailable', 'The file was replaced while it was read: ask again.', 1);
  }
  return reply
    .code(206)
    .headers({
      'content-range': `bytes ${range.start}-${range.end - 1}/${sizeBytes}`,
      'content-length': range.end - range.start,
    })
    .send(part.bytes);
}

/**
 * The body as it comes, as a stream of its own, since whoever refuses it destroys it, and the refusal needs the connection.
 * Once disposed, what is still to come is thrown away.
 */
class Upload implements Disposable {
  readonly bytes = new PassThrough();
  readonly #raw: Readable;

  constructor(raw: Readable) {
    this.#raw = raw;
    this.bytes.on('error', () => {}); // told to whoever reads; nobody may be left who does
    raw.on('error', () => this.bytes.destroy(cutShort()));
    raw.on('close', () => raw.readableEnded || this.bytes.destroy(cutShort()));
    raw.pipe(this.bytes);
  }

  [Symbol.dispose](): void {
    this.#raw.unpipe(this.bytes);
    this.bytes.destroy();
  }
}

function cutShort(): Refusal {
  return new Refusal('bad_request', 'The connection ended before the whole file had arrived.');
}

function tooLarge(maxBytes: number): Refusal {
  return new Refusal('too_large', `The file is larger than the ${maxBytes} bytes that this address takes.`);
}
