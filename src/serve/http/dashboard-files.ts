import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

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

/** Sends the page of the dashboard, whatever the address is; the page itself reads it. */
export type SendPage = (reply: FastifyReply) => FastifyReply;

/**
 * Serves the built dashboard: its files, compressed beforehand where the build did so, those with a hash in their name for
 * ever. Open to everybody: there is nothing of anybody in it.
 * @param folder where `index.html` lies; null, or a folder without it, serves a page that says so.
 */
export function dashboardFiles(app: FastifyInstance, folder: string | null): SendPage {
  if (folder === null || !existsSync(join(folder, 'index.html'))) {
    const sendPage: SendPage = (reply) => reply.headers(pageHeaders()).send(NOT_BUILT);
    app.get('/', { config: { access: 'open' } }, (_request, reply) => sendPage(reply));
    return sendPage;
  }
  app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'open' };
    });
    await scope.register(fastifyStatic, {
      root: folder,
      preCompressed: true,
      index: 'index.html',
      dotfiles: 'ignore',
      cacheControl: false,
      setHeaders(reply, path) {
        if (path.endsWith('.html') || path.endsWith('.html.br') || path.endsWith('.html.gz'))
          reply.headers(pageHeaders());
        else
          reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  });
  return (reply) => reply.headers(pageHeaders()).sendFile('index.html', folder);
}

function pageHeaders(): Readonly<Record<string, string>> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': PAGE_POLICY,
    'cache-control': 'no-cache',
  };
}
