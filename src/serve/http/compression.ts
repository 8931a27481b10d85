import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

/** Shorter answers fit into one packet as they are. */
const CHARS_MIN = 1_024;
/** Chosen for the server's time: most readers are near. */
const LEVEL = 3;
const gzipAsync = promisify(gzip);

/**
 * Compresses long JSON answers with gzip for whoever takes it, on the thread pool. A hook of our own: `@fastify/compress`
 * brings 60 modules, 4 MB of an idle server, for streams and encodings that nobody here asks for.
 */
export function compressAnswers(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const isJson = String(reply.getHeader('content-type')).startsWith('application/json');
    if (!isJson || typeof payload !== 'string' || payload.length < CHARS_MIN) return payload;
    reply.header('vary', 'accept-encoding');
    if (reply.hasHeader('content-encoding') || !takes(request.headers['accept-encoding'], 'gzip')) return payload;
    const bytes = await gzipAsync(payload, { level: LEVEL });
    reply.headers({ 'content-encoding': 'gzip', 'content-length': bytes.length });
    return bytes;
  });
}

/** Whether an `Accept-Encoding` header (RFC 9110, section 12.5.3) names the encoding, and not with a weight of zero. */
export function takes(accepted: string | readonly string[] | undefined, encoding: 'br' | 'gzip'): boolean {
  return String(accepted ?? '')
    .split(',')
    .map((one) => one.trim().toLowerCase())
    .some((one) => one.split(/[\s;]/, 1)[0] === encoding && !/;\s*q=0(\.0*)?$/.test(one));
}
