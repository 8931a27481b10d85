import { stripVTControlCharacters } from 'node:util';

/** One line of a display. */
export interface StatusLine {
  readonly name: string;
  /** Joined by blanks, the most important ones first: what does not fit into the terminal is left out from the end. */
  readonly parts: readonly string[];
  /** Where lines are not shown in place, a line is printed when this changes. */
  readonly mark: string;
}

/**
 * A few lines that are shown anew in place on a terminal; elsewhere each is printed when its `mark` changes, so that a log
 * holds the story and not every frame.
 */
export class StatusLines {
  readonly #out: NodeJS.WriteStream;
  #shown = 0;
  readonly #marks = new Map<string, string>();

  constructor(out: NodeJS.WriteStream = process.stdout) {
    this.#out = out;
  }

  show(lines: readonly StatusLine[]): void {
    if (!this.#out.isTTY) {
      for (const { name, parts, mark } of lines) {
        if (this.#marks.get(name) !== mark) this.#out.write(`${parts.join(' ').trimEnd()}\n`);
        this.#marks.set(name, mark);
      }
      return;
    }
    // From the first column: a terminal that echoes Ctrl-C has moved the cursor.
    const up = this.#shown > 0 ? `\r\u001b[${this.#shown}A` : '';
    // Each line ends with "erase to the end", so that a shorter text leaves nothing of a longer one.
    this.#out.write(up + lines.map(({ parts }) => `${fitted(parts, this.#out.columns)}\u001b[K\n`).join(''));
    this.#shown = lines.length;
  }
}

/** As many of the parts, from the first on, as fit into `columns`; a first one that does not fit by itself is cut. */
export function fitted(parts: readonly string[], columns: number): string {
  const [first = '', ...rest] = parts;
  let text = width(first) <= columns ? first : stripVTControlCharacters(first).slice(0, columns);
  for (const part of rest) {
    if (width(text) + 1 + width(part) > columns) break;
    text += ` ${part}`;
  }
  return text;
}

/** Columns that a text takes; its letters take one each, its colours none. */
function width(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}
