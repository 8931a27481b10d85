/** A line this long is cut where it stands; programs that write no line ends must not fill memory. */
const LINE_CHARS_MAX = 64 * 1024;

export interface ConsoleLine {
  /** From 0, in the order in which lines were begun. */
  readonly number: number;
  readonly stderr: boolean;
  /** When it was begun, milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
}

interface OpenLine {
  number: number;
  at: number;
  text: string;
}

/**
 * Makes lines of what a program wrote in pieces to its two outputs. A carriage return goes back to the start of the line, so
 * a progress bar is one line however often it is drawn. A pure function of the pieces: the same output has the same numbers.
 */
export class ConsoleLines {
  #next = 0;
  readonly #open: { out: OpenLine | null; err: OpenLine | null } = { out: null, err: null };

  /** The lines that a piece ends, in order. */
  take(stderr: boolean, at: number, piece: string): ConsoleLine[] {
    const ended: ConsoleLine[] = [];
    const side = stderr ? 'err' : 'out';
    let start = 0;
    while (start < piece.length) {
      const line = (this.#open[side] ??= { number: this.#next++, at, text: '' });
      const newline = piece.indexOf('\n', start);
      const end = Math.min(newline < 0 ? piece.length : newline, start + LINE_CHARS_MAX - line.text.length);
      const isWhole = end === newline;
      line.text = redraw(line.text + piece.slice(start, end), isWhole);
      start = isWhole ? end + 1 : end;
      if (!isWhole && line.text.length < LINE_CHARS_MAX) continue;
      ended.push({ number: line.number, stderr, at: line.at, text: line.text });
      this.#open[side] = null;
    }
    return ended;
  }

  /** The lines that are begun and not ended, as they stand. */
  unfinished(): ConsoleLine[] {
    const lines: ConsoleLine[] = [];
    if (this.#open.out) lines.push({ ...this.#open.out, stderr: false });
    if (this.#open.err) lines.push({ ...this.#open.err, stderr: true });
    return lines.sort((a, b) => a.number - b.number);
  }
}

/** What a terminal would show, nearly: the last drawing of the line. A return at the very end has drawn nothing yet. */
function redraw(text: string, isWhole: boolean): string {
  if (!text.includes('\r')) return text;
  const body = text.replace(/\r+$/, '');
  const drawn = body.slice(body.lastIndexOf('\r') + 1);
  return isWhole || body === text ? drawn : `${drawn}\r`;
}
