import { Socket } from 'node:net';

/**
 * Ends this process, as if somebody had asked it to, when the `trackside` command that started it is gone: the other end of
 * the descriptor named by `TRACKSIDE_PARENT_FD` closes then. Without that variable it does nothing.
 */
export function endWithParent(): void {
  const descriptor = Number(process.env['TRACKSIDE_PARENT_FD']);
  // What this process starts has another parent.
  delete process.env['TRACKSIDE_PARENT_FD'];
  if (!Number.isInteger(descriptor) || descriptor < 3) return;
  const line = new Socket({ fd: descriptor, readable: true, writable: false });
  line.on('error', () => {});
  line.on('close', () => process.kill(process.pid, 'SIGTERM'));
  line.resume();
  line.unref();
}
