import { hostname } from 'node:os';
import { styleText } from 'node:util';

/** Text for people. Colours go only to a terminal, and never where NO_COLOR is set. */
export const bold = (text: string): string => styleText('bold', text, { stream: process.stdout });
export const dim = (text: string): string => styleText('dim', text, { stream: process.stdout });
export const amber = (text: string): string => styleText('yellow', text, { stream: process.stdout });
export const green = (text: string): string => styleText('green', text, { stream: process.stdout });
export const red = (text: string): string => styleText('red', text, { stream: process.stdout });

/** Writes a line to standard output. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Writes one JSON document to standard output, for programs. */
export function sayJson(value: unknown): void {
  say(JSON.stringify(value, null, 2));
}

/** Writes a trouble to standard error. */
export function complain(text: string): void {
  process.stderr.write(`${styleText('red', 'trackside', { stream: process.stderr })}: ${text.trimEnd()}\n`);
}

/** Writes a remark to standard error, where it does not mix with what a program reads. */
export function remark(text: string): void {
  process.stderr.write(`${text.trimEnd()}\n`);
}

/** A help text's last part. Each example: what it does, and the line that does it. */
export function examples(...lines: readonly (readonly [what: string, line: string])[]): string {
  return `\nExamples:\n${lines.map(([what, line]) => `  ${dim(`# ${what}`)}\n  $ ${line}`).join('\n')}\n`;
}

/** Whoever works on this machine through SSH has the browser elsewhere: the line that brings the address there, else null. */
export function forwardLine(url: string): string | null {
  if (!(process.env['SSH_CONNECTION'] ?? process.env['SSH_CLIENT'])) return null;
  const { hostname: host, port } = new URL(url);
  if (!/^(localhost|127\.0\.0\.1|\[::1\])$/.test(host)) return null;
  return `ssh -L ${port}:localhost:${port} ${hostname()}`;
}
