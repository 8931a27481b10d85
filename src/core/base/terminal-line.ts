/** How a stretch of text looks. A colour is 0 to 255 of the terminal's palette, or `#rrggbb`; null is the default. */
export interface TerminalStyle {
  readonly foreground: number | string | null;
  readonly background: number | string | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

export interface TerminalSpan {
  readonly text: string;
  readonly style: TerminalStyle;
}

const PLAIN: TerminalStyle = {
  foreground: null,
  background: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
};

const ESCAPE = 0x1b;
/** Cursor columns beyond this are not believed: one sequence must not make a line of a million blanks. */
const COLUMN_MAX = 10_000;

interface Cell {
  char: string;
  style: TerminalStyle;
}

/**
 * One line of a program's output as a terminal shows it at the end: carriage returns, backspaces and cursor movements
 * overwrite, colours become styles, and every other control sequence (titles, links, queries) is dropped. The line is
 * `text` without its line feed. Never throws; linear in its length.
 */
export function terminalSpans(text: string): readonly TerminalSpan[] {
  if (!hasControls(text)) return text === '' ? [] : [{ text, style: PLAIN }];
  return joined(play(text));
}

/** The same line as plain text. */
export function terminalText(text: string): string {
  if (!hasControls(text)) return text;
  let out = '';
  for (const { char } of play(text)) out += char;
  return out;
}

function hasControls(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 ? code !== 0x09 : code >= 0x7f && code < 0xa0) return true;
  }
  return false;
}

function play(text: string): Cell[] {
  const cells: Cell[] = [];
  let style = PLAIN;
  let column = 0;
  const put = (char: string) => {
    while (cells.length < column) cells.push({ char: ' ', style: PLAIN });
    cells[column] = { char, style };
    column++;
  };
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === ESCAPE || code === 0x9b) {
      const sequence = controlSequence(text, at);
      at = sequence.end;
      const count = Math.min(COLUMN_MAX, Math.max(1, sequence.numbers[0] ?? 1));
      if (sequence.final === 'm') style = restyled(style, sequence.numbers);
      else if (sequence.final === 'G') column = count - 1;
      else if (sequence.final === 'C') column = Math.min(COLUMN_MAX, column + count);
      else if (sequence.final === 'D') column = Math.max(0, column - count);
      else if (sequence.final === 'K') erase(cells, column, sequence.numbers[0] ?? 0);
    } else if (code === 0x0d) {
      column = 0;
      at++;
    } else if (code === 0x08) {
      column = Math.max(0, column - 1);
      at++;
    } else if (code < 0x20 ? code !== 0x09 : code >= 0x7f && code < 0xa0) {
      at++;
    } else {
      const char = String.fromCodePoint(text.codePointAt(at) ?? 0xfffd);
      put(char);
      at += char.length;
    }
  }
  return cells;
}

/** Erases from the cursor to the end (0), from the start to the cursor (1), or all (2). */
function erase(cells: Cell[], column: number, what: number): void {
  if (what === 0) cells.length = Math.min(cells.length, column);
  else if (what === 2) cells.length = 0;
  else for (let at = 0; at <= column && at < cells.length; at++) cells[at] = { char: ' ', style: PLAIN };
}

interface ControlSequence {
  /** The letter of a CSI sequence; empty for all others. */
  final: string;
  numbers: number[];
  /** Index behind the sequence. */
  end: number;
}

/** Reads the control sequence at `start` (ECMA-48: CSI, or a string such as OSC up to its terminator). */
function controlSequence(text: string, start: number): ControlSequence {
  let at = start + 1;
  const nothing = (end: number): ControlSequence => ({ final: '', numbers: [], end });
  if (text.charCodeAt(start) === ESCAPE) {
    const kind = text[at] ?? '';
    at++;
    if (kind !== '' && 'P]^_X'.includes(kind)) {
      for (; at < text.length; at++) {
        if (text.charCodeAt(at) === 0x07) return nothing(at + 1);
        if (text.charCodeAt(at) === ESCAPE && text[at + 1] === '\\') return nothing(at + 2);
      }
      return nothing(text.length);
    }
    if (kind !== '[') {
      while (at - 1 < text.length && text.charCodeAt(at - 1) >= 0x20 && text.charCodeAt(at - 1) < 0x30) at++;
      return nothing(Math.min(at, text.length));
    }
  }
  let parameters = '';
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x40 && code <= 0x7e) {
      const numbers = /^[\d;:]*$/.test(parameters) ? parameters.split(/[;:]/).map(Number) : [];
      return { final: parameters.startsWith('?') ? '' : (text[at] ?? ''), numbers, end: at + 1 };
    }
    if (code < 0x20 || code > 0x3f) return nothing(at);
    parameters += text[at];
  }
  return nothing(text.length);
}

/** The style after a "select graphic rendition" sequence. */
function restyled(before: TerminalStyle, numbers: readonly number[]): TerminalStyle {
  const style: { -readonly [K in keyof TerminalStyle]: TerminalStyle[K] } = { ...before };
  for (let at = 0; at < numbers.length; at++) {
    const code = numbers[at] ?? 0;
    if (code === 0) Object.assign(style, PLAIN);
    else if (code === 1) style.bold = true;
    else if (code === 2) style.dim = true;
    else if (code === 3) style.italic = true;
    else if (code === 4) style.underline = true;
    else if (code === 7) style.inverse = true;
    else if (code === 22) style.bold = style.dim = false;
    else if (code === 23) style.italic = false;
    else if (code === 24) style.underline = false;
    else if (code === 27) style.inverse = false;
    else if (code >= 30 && code <= 37) style.foreground = code - 30;
    else if (code >= 90 && code <= 97) style.foreground = code - 82;
    else if (code === 39) style.foreground = null;
    else if (code >= 40 && code <= 47) style.background = code - 40;
    else if (code >= 100 && code <= 107) style.background = code - 92;
    else if (code === 49) style.background = null;
    else if (code === 38 || code === 48) {
      const long = longColour(numbers, at + 1);
      at = long.last;
      if (code === 38) style.foreground = long.colour ?? style.foreground;
      else style.background = long.colour ?? style.background;
    }
  }
  return style;
}

/** `5;n` (palette) or `2;r;g;b`, from `at`; `last` is the index of its last number. */
function longColour(numbers: readonly number[], at: number): { colour: number | string | null; last: number } {
  const byte = (value: number | undefined) => Math.min(255, Math.max(0, value ?? 0));
  if (numbers[at] === 5) return { colour: byte(numbers[at + 1]), last: at + 1 };
  if (numbers[at] !== 2) return { colour: null, last: at };
  const rgb = [numbers[at + 1], numbers[at + 2], numbers[at + 3]];
  return { colour: `#${rgb.map((value) => byte(value).toString(16).padStart(2, '0')).join('')}`, last: at + 3 };
}

function joined(cells: readonly Cell[]): TerminalSpan[] {
  const spans: { text: string; style: TerminalStyle }[] = [];
  for (const { char, style } of cells) {
    const last = spans.at(-1);
    if (last !== undefined && last.style === style) last.text += char;
    else spans.push({ text: char, style });
  }
  return spans;
}
