import { Refusal } from '../../../core/model/refusal.ts';
import { NoticeStream } from '../notice-stream.ts';
import { asRefusal } from '../problem.ts';
import type { Handlers, RestOptions } from './call.ts';
import { demandProject } from './projects.ts';

const STREAMS_MAX = 1_000;

/** `/api/v1/notices`: what changed, as server-sent events, for as long as the subscriber stays and may see it. */
export function liveNotices({ hub, authentication, streams }: RestOptions): Handlers<'notices'> {
  return {
    async notices({ who, query: { entity, project }, request, reply }) {
      if (streams.size >= STREAMS_MAX)
        throw new Refusal('unavailable', `${STREAMS_MAX} pages listen already: close some.`, 30);
      const of = entity === undefined || project === undefined ? null : { entity, project };
      if (of !== null) await demandProject(hub, who, of);
      let stream: NoticeStream | null = null;
      const subscription = hub.notices.subscribe(who, of, (notices) => stream?.send(notices));
      reply.hijack();
      const { raw: response } = reply;
      response.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
      });
      // Keys are taken away and sessions end while somebody listens; a store that cannot say so now may later.
      const mayListen = () =>
        authentication.who(request).then(
          (still) => still !== null,
          (error: unknown) => asRefusal(error)?.code !== 'unauthenticated',
        );
      const opened = new NoticeStream(response, mayListen);
      stream = opened;
      streams.add(opened);
      response.on('close', () => {
        streams.delete(opened);
        subscription[Symbol.dispose]();
        opened[Symbol.dispose]();
      });
      return reply;
    },
  };
}
