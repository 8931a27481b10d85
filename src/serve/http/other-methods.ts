import type { FastifyInstance, HTTPMethods } from 'fastify';

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Notes which methods every address has from now on. What it returns is called after the last route: it lets the addresses
 * answer every other method with 405 and what they do allow.
 */
export function noteMethods(app: FastifyInstance): () => void {
  const known = new Map<string, Set<HTTPMethods>>();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = known.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    known.set(url, methods);
  });

  return () => {
    for (const [url, methods] of known) {
      const missing = METHODS.filter((method) => !methods.has(method));
      if (url.includes('*') || missing.length === 0) continue;
      const allow = [...methods].join(', ');
      app.route({
        url,
        method: missing,
        config: { access: 'open' },
        handler: (_request, reply) => {
          const message = `This address takes ${allow} only.`;
          return reply
            .code(405)
            .header('allow', allow)
            .send({ error: { code: 'method_not_allowed', message } });
        },
      });
    }
  };
}
