import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { takes } from './compression.ts';

/** Only what we ship may run, and nothing may frame it. The dashboard draws on canvas and styles through classes. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const NOT_BUILT = `<!doctype html><meta charset="utf-8"><title>Trackside</title>
<p>The dashboard has not been built: run <code>npm run build</code> and load this page again. Everything else works.</p>
`;

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};
/** Folders and a file, none of which begins with a dot and nothing encoded: what cannot lead out of the folder. */
const PLAIN_PATH = /^(\/[\w-][\w.-]*)+$/;

/** Sends the page of the dashboard, whatever the address is; the page itself reads it. */
export type SendPage = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/**
 * Serves the built dashboard: its files, compressed beforehand where the build did so, those with a hash in their name for
 * ever. Open to everybody: there is nothing of anybody in it.
 * @param folder where `index.html` lies; null, or a folder without it, serves a page that says so.
 */
export function dashboardFiles(app: FastifyInstance, folder: string | null): SendPage {
  const isBuilt = folder !== null && existsSync(join(folder, 'index.html'));
  const sendPage: SendPage = async (request, reply) =>
    (isBuilt && (await sendFile(request, reply, folder, '/index.html'))) ||
    reply.headers(headersOf('/index.html')).send(NOT_BUILT);

  app.get('/', { config: { access: 'open' } }, sendPage);
  app.get('/*', { config: { access: 'open' } }, async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    if (isBuilt && PLAIN_PATH.test(path) && (await sendFile(request, reply, folder, path))) return reply;
    return reply.callNotFound();
  });
  return sendPage;
}

/** Null when there is no such file, and nothing has been sent. Files are small, so they are read whole. */
async function sendFile(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  folder: string,
  path: string,
): Promise<FastifyReply | null> {
  const accepted = headers['accept-encoding'];
  const br = takes(accepted, 'br') && (await bytesOf(join(folder, `${path}.br`)));
  const gzip = !br && takes(accepted, 'gzip') && (await bytesOf(join(folder, `${path}.gz`)));
  const bytes = br || gzip || (await bytesOf(join(folder, path)));
  if (bytes === null) return null;
  if (br || gzip) reply.header('content-encoding', br ? 'br' : 'gzip');
  return reply.headers(headersOf(path)).send(bytes);
}

async function bytesOf(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch {
    return null; // Not there, or a folder: the same to who asks.
  }
}

function headersOf(path: string): Readonly<Record<string, string>> {
  const isPage = path.endsWith('.html');
  return {
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'accept-encoding',
    ...(isPage && { 'content-security-policy': PAGE_POLICY }),
  };
}
