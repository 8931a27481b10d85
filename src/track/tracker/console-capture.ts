import { terminalText } from '../../core/base/terminal-line.ts';

/** Told of every piece that the program writes to one of its outputs. */
export type OutputListener = (stderr: boolean, text: string) => void;

const listeners = new Set<OutputListener>();
let originals: { out: typeof process.stdout.write; err: typeof process.stderr.write } | null = null;
let isListening = false;

/** Hears what this program writes through `process.stdout` and `process.stderr`; output of child processes passes by. Returns how to stop. */
export function captureConsole(listener: OutputListener): () => void {
  listeners.add(listener);
  originals ??= { out: replaceWrite(process.stdout, false), err: replaceWrite(process.stderr, true) };
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || originals === null) return;
    process.stdout.write = originals.out;
    process.stderr.write = originals.err;
    originals = null;
  };
}

/** Writes a line for people to the error output, unheard by listeners. What a server put into it cannot control the terminal. */
export function tell(text: string): void {
  const write = originals?.err ?? process.stderr.write;
  try {
    write.call(process.stderr, `${terminalText(text)}\n`);
  } catch {
    // An output that is closed is no reason to fail.
  }
}

function replaceWrite(stream: NodeJS.WriteStream, stderr: boolean): typeof stream.write {
  const original = stream.write;
  stream.write = function write(this: NodeJS.WriteStream, ...call: Parameters<typeof original>): boolean {
    hear(stderr, call[0]);
    return original.apply(this, call);
  } as typeof stream.write;
  return original;
}

function hear(stderr: boolean, chunk: string | Uint8Array): void {
  // A listener that writes to the console itself is not heard again.
  if (isListening) return;
  isListening = true;
  try {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    for (const listener of listeners) listener(stderr, text);
  } catch {
    // Listening never gets in the way of writing.
  } finally {
    isListening = false;
  }
}
