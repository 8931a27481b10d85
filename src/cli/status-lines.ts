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

  show(lines: readonly { readonly name: string; readonly text: string; readonly mark: string }[]): void {
    if (!this.#out.isTTY) {
      for (const { name, text, mark } of lines) {
        if (this.#marks.get(name) !== mark) this.#out.write(`${text}\n`);
        this.#marks.set(name, mark);
      }
      return;
    }
    const up = this.#shown > 0 ? `\u001b[${this.#shown}A` : '';
    // Each line ends with "erase to the end", so that a shorter text leaves nothing of a longer one.
    this.#out.write(up + lines.map(({ text }) => `${text}\u001b[K\n`).join(''));
    this.#shown = lines.length;
  }
}
