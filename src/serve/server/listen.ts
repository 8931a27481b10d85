import type { FastifyInstance } from 'fastify';
import { Refusal } from '../../core/model/refusal.ts';

/** Opens the door and gives the real port. Refuses with the remedy when the port is taken (`conflict`) or not ours to open. */
export async function listen(app: FastifyInstance, { host, port }: { host: string; port: number }): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const advice = `choose another with --port, or take any free one with --port 0`;
    if (code === 'EADDRINUSE')
      throw new Refusal('conflict', `Port ${port} of ${host} is taken by another program; ${advice}.`);
    if (code === 'EACCES') throw new Refusal('forbidden', `This user may not open port ${port}; ${advice}.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new Refusal(
        'bad_request',
        `${host} is no address of this machine; leave --host out to serve this machine only.`,
      );
    }
    throw error;
  }
  const address = app.server.address();
  return address !== null && typeof address === 'object' ? address.port : port;
}
