import { connect, type Socket } from 'node:net';

/**
 * A keep-alive connection that posts bodies and waits for each answer, as a client does. Written on the bare socket, so
 * that the generator costs as little as it can on a machine that it shares with the server.
 */
export class Poster {
  readonly #socket: Socket;
  readonly #head: string;
  #received = '';
  #answer: ((status: number) => void) | undefined;

  static open(url: URL, path: string, authorization: string): Promise<Poster> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(url.port), url.hostname);
      socket.setNoDelay(true);
      socket.once('error', reject);
      socket.once('connect', () => resolve(new Poster(socket, url, path, authorization)));
    });
  }

  private constructor(socket: Socket, url: URL, path: string, authorization: string) {
    this.#socket = socket;
    this.#head = `POST ${path} HTTP/1.1\r\nHost: ${url.host}\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\n`;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#read(text));
  }

  /** Resolves with the status when the whole answer is here. One at a time. */
  post(body: Uint8Array): Promise<number> {
    const answered = new Promise<number>((resolve) => (this.#answer = resolve));
    this.#socket.cork();
    this.#socket.write(`${this.#head}Content-Length: ${body.byteLength}\r\n\r\n`, 'latin1');
    this.#socket.write(body);
    this.#socket.uncork();
    return answered;
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#received += text;
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#received)?.[1] ?? 0);
    if (this.#received.length < end + 4 + length) return;
    const status = Number(this.#received.slice(9, 12));
    this.#received = '';
    this.#answer?.(status);
  }
}
