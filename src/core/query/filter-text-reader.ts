import { Refusal } from '../model/refusal.ts';

/** A filter text that cannot be read, and where: `at` counts UTF-16 units from its beginning. */
export class FilterRefusal extends Refusal {
  readonly at: number;
  constructor(message: string, at: number) {
    super('bad_request', `the filter cannot be read at character ${at + 1}: ${message}`);
    this.at = at;
  }
}

/** What stands between blanks: a field with an operator and values, or (operator null) a text to look for. */
export interface Term {
  readonly name: string;
  readonly nameQuoted: boolean;
  readonly operator: string | null;
  /** More than one where commas join them: `state:failed,crashed`. Quoted values are not split. */
  readonly values: readonly string[];
  readonly quoted: boolean;
  readonly valueAt: number;
}

const SPACE = /\s*/y;
const OPERATOR = /:|>=|<=|!=|!~|==|[=<>~]/y;
const BARE_NAME = /[^\s()":=<>~!]+/y;
const BARE_VALUE = /[^\s()"]+/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/sy;

/** Cuts a filter text into its pieces; knows quotes, blanks and operators, nothing of their meaning. */
export class TextReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#skip();
  }

  atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  ahead(char: string): boolean {
    return this.#text[this.#at] === char;
  }

  take(char: string): boolean {
    if (!this.ahead(char)) return false;
    this.#at++;
    this.#skip();
    return true;
  }

  /** A minus or exclamation mark right before a term. */
  takeSign(): boolean {
    const next = this.#text[this.#at + 1];
    if (!(this.ahead('-') || this.ahead('!')) || next === undefined || /[\s=~]/.test(next)) return false;
    this.#at++;
    return true;
  }

  /** The word stands alone, in any case: not a part of a longer one, not a field. */
  aheadWord(word: string): boolean {
    const end = this.#at + word.length;
    if (this.#text.slice(this.#at, end).toLowerCase() !== word) return false;
    return end >= this.#text.length || /[\s()]/.test(this.#text[end] as string);
  }

  takeWord(word: string): boolean {
    if (!this.aheadWord(word)) return false;
    this.#at += word.length;
    this.#skip();
    return true;
  }

  field(): string {
    const { name } = this.#name();
    this.#skip();
    return name;
  }

  term(): Term {
    const { name, quoted: nameQuoted } = this.#name();
    const end = this.#at;
    this.#skip();
    const spaced = this.#at > end;
    const operator = this.#match(OPERATOR)?.[0];
    // A blank before a colon is no field with a value; the colon begins a text of its own, which is refused there.
    if (operator === undefined || (spaced && operator === ':')) {
      if (operator !== undefined) this.refuse('a name was expected before the colon', this.#at - 1);
      return { name, nameQuoted, operator: null, values: [], quoted: false, valueAt: end };
    }
    if (operator !== ':') this.#skip();
    const valueAt = this.#at;
    const quoted = this.#quoted();
    const values =
      quoted === null
        ? this.#match(BARE_VALUE)?.[0]
            .split(',')
            .filter((value) => value !== '')
        : [quoted];
    if (values === undefined || values.length === 0) this.refuse(`a value was expected behind ${name}${operator}`);
    this.#skip();
    return { name, nameQuoted, operator, values, quoted: quoted !== null, valueAt };
  }

  refuse(message: string, at: number = this.#at): never {
    throw new FilterRefusal(message, at);
  }

  /** Bare and quoted pieces that stand together: `summary."val acc"`. */
  #name(): { name: string; quoted: boolean } {
    let name = '';
    let quoted = false;
    for (;;) {
      const piece = this.#match(BARE_NAME)?.[0] ?? this.#quoted();
      if (piece === null) break;
      quoted ||= this.#text[this.#at - 1] === '"';
      name += piece;
    }
    if (name === '') this.refuse(this.atEnd() ? 'it ends too early' : 'a field or a text was expected');
    return { name, quoted };
  }

  #quoted(): string | null {
    if (!this.ahead('"')) return null;
    const match = this.#match(QUOTED);
    if (match === null) return this.refuse('this quote is not closed');
    return (match[1] as string).replace(/\\(["\\])/g, '$1');
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }

  #skip(): void {
    this.#match(SPACE);
  }
}
