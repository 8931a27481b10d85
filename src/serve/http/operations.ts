import type { FastifyInstance } from 'fastify';
import type { Hub } from '../hub/hub.ts';
import type { Counters } from './counters.ts';
import type { UnknownSelections } from './wandb/unknown-selections.ts';

/** The routes for whoever operates the server: is it alive, is it ready, what does it do. */
export function operations(
  app: FastifyInstance,
  { hub, counters, unknownSelections }: { hub: Hub; counters: Counters; unknownSelections: UnknownSelections },
): void {
  const open = { config: { access: 'open' } } as const;

  app.get('/healthz', open, (_request, reply) => reply.type('text/plain').send('ok\n'));
  app.get('/ready', open, async (_request, reply) => {
    await hub.ping();
    return reply.type('text/plain').send('ready\n');
  });
  app.get('/metrics', { config: { access: 'operator' } }, async (_request, reply) =>
    reply
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(counters.text(hub.figures(), await hub.size(), unknownSelections.counts)),
  );
  // The client probes here whether its telemetry is wanted, without a key; this answer switches it off.
  app.all('/sdk/otel/*', open, (_request, reply) => reply.callNotFound());
}
