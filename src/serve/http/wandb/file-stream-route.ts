import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../../../core/model/refusal.ts';
import type { Hub, UnreadBody } from '../../hub/hub.ts';
import { principalOf } from '../access.ts';
import { declaredBytes, readBody } from '../body.ts';

/** The client sends at most 10 MiB and one line more. */
const BODY_BYTES_MAX = 32 * 2 ** 20;
const gunzipAsync = promisify(gunzip);

interface Params {
  readonly entity: string;
  readonly project: string;
  readonly run: string;
}

/**
 * `POST /files/{entity}/{project}/{run}/file_stream`: rows, console lines, summary and exit of a run, acknowledged when they
 * are durable. A client gives its stream up for good at 400, 401, 403, 404, 409 and 413, so what may pass (another version
 * of the run's rows, a fault of ours) is answered in a way that it retries.
 */
export function fileStreamRoute(app: FastifyInstance, hub: Hub): void {
  app.post<{ Params: Params }>('/files/:entity/:project/:run/file_stream', async (request, reply) => {
    const { entity, project, run } = request.params;
    const writer = headerOf(request, 'x-wandb-async-client-id');
    try {
      const path = { entity, project, id: run };
      const { stopped } = await hub.streams.ingest(principalOf(request), path, writer, unreadBody(request));
      return await reply.send({ stopped });
    } catch (error) {
      if (error instanceof Refusal && error.code === 'conflict') throw new Refusal('unavailable', error.message, 1);
      throw error;
    }
  });
}

function unreadBody(request: FastifyRequest): UnreadBody {
  const isZipped = headerOf(request, 'content-encoding') === 'gzip';
  const declared = declaredBytes(request);
  return {
    sizeBytes: isZipped || declared === null ? BODY_BYTES_MAX : declared,
    read: async () => {
      const body = await readBody(request, BODY_BYTES_MAX);
      return isZipped ? unzip(body) : body;
    },
  };
}

async function unzip(body: Uint8Array): Promise<Uint8Array> {
  try {
    return new Uint8Array(await gunzipAsync(body, { maxOutputLength: BODY_BYTES_MAX }));
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE')
      throw new Refusal(
        'too_large',
        `Unzipped, the body is larger than the ${BODY_BYTES_MAX} bytes that are taken here.`,
      );
    throw new Refusal('bad_request', 'The body says that it is gzip, and is not.');
  }
}

function headerOf({ headers }: FastifyRequest, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}
