import { Refusal } from '../model/refusal.ts';

/** A pattern as a tree. `char` tests one code point; `at` holds between two. */
export type Pattern =
  | { readonly is: 'empty' }
  | { readonly is: 'char'; readonly test: (code: number) => boolean }
  | { readonly is: 'at'; readonly where: 'start' | 'end' | 'word edge' | 'no word edge' }
  | { readonly is: 'both'; readonly left: Pattern; readonly right: Pattern }
  | { readonly is: 'either'; readonly of: readonly Pattern[] }
  | { readonly is: 'repeat'; readonly what: Pattern; readonly min: number; readonly max: number };

export const PATTERN_LENGTH_MAX = 500;
const REPEAT_MAX = 1_000;
const EMPTY: Pattern = { is: 'empty' };

type Test = (code: number) => boolean;
const isDigit: Test = (code) => code >= 48 && code <= 57;
export const isWord: Test = (code) =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
const isSpace: Test = (code) => code === 32 || (code >= 9 && code <= 13);
const CLASSES: Readonly<Record<string, Test>> = {
  d: isDigit,
  w: isWord,
  s: isSpace,
  D: (code) => !isDigit(code),
  W: (code) => !isWord(code),
  S: (code) => !isSpace(code),
};
const EDGES: Readonly<Record<string, Pattern>> = {
  A: { is: 'at', where: 'start' },
  z: { is: 'at', where: 'end' },
  b: { is: 'at', where: 'word edge' },
  B: { is: 'at', where: 'no word edge' },
};
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 };

/**
 * Reads the part of RE2's syntax that can be matched in linear time: literals, `.`, classes, groups, `|`, `* + ? {n,m}`,
 * `^ $ \b \B`, `(?i)` at the start. Back references, lookaround and the like are a `Refusal`.
 */
export function parsePattern(pattern: string): Pattern {
  if (pattern.length > PATTERN_LENGTH_MAX) {
    throw new Refusal('bad_request', `a pattern may have ${PATTERN_LENGTH_MAX} characters at most; this one is longer`);
  }
  const ignoreCase = pattern.startsWith('(?i)');
  return new Parser(ignoreCase ? pattern.slice(4) : pattern, ignoreCase).pattern();
}

class Parser {
  readonly #chars: readonly string[];
  readonly #source: string;
  readonly #ignoreCase: boolean;
  #at = 0;

  constructor(source: string, ignoreCase: boolean) {
    this.#source = source;
    this.#chars = [...source];
    this.#ignoreCase = ignoreCase;
  }

  pattern(): Pattern {
    const pattern = this.#either();
    if (this.#at < this.#chars.length) this.#refuse('a ) closes no group');
    return pattern;
  }

  #either(): Pattern {
    const of = [this.#sequence()];
    while (this.#take('|')) of.push(this.#sequence());
    return of.length === 1 ? (of[0] as Pattern) : { is: 'either', of };
  }

  #sequence(): Pattern {
    let sequence = EMPTY;
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; next = this.#peek()) {
      const right = this.#repeated(this.#one());
      sequence = sequence === EMPTY ? right : { is: 'both', left: sequence, right };
    }
    return sequence;
  }

  #repeated(what: Pattern): Pattern {
    let pattern = what;
    for (;;) {
      const range = this.#range();
      if (range === null) return pattern;
      this.#take('?'); // Lazy or greedy is the same question when only "does it match" is asked.
      pattern = { is: 'repeat', what: pattern, ...range };
    }
  }

  #range(): { min: number; max: number } | null {
    if (this.#take('*')) return { min: 0, max: Infinity };
    if (this.#take('+')) return { min: 1, max: Infinity };
    if (this.#take('?')) return { min: 0, max: 1 };
    const counted = /^\{(\d+)(?:(,)(\d*))?\}/.exec(this.#rest());
    if (counted === null) return null;
    this.#at += counted[0].length;
    const min = Number(counted[1]);
    const max = counted[2] === undefined ? min : counted[3] === '' ? Infinity : Number(counted[3]);
    if (min > max) this.#refuse(`${counted[0]} asks for more than it allows`);
    if (min > REPEAT_MAX || (max > REPEAT_MAX && max !== Infinity)) this.#refuse(`${counted[0]} repeats too often`);
    return { min, max };
  }

  #one(): Pattern {
    const char = this.#next();
    if (char === '(') return this.#group();
    if (char === '[') return { is: 'char', test: this.#class() };
    if (char === '.') return { is: 'char', test: (code) => code !== 10 };
    if (char === '^') return { is: 'at', where: 'start' };
    if (char === '$') return { is: 'at', where: 'end' };
    if (char === '*' || char === '+' || char === '?') this.#refuse(`${char} has nothing to repeat`);
    if (char !== '\\') return { is: 'char', test: this.#literal(char) };
    const edge = EDGES[this.#peek() ?? ''];
    if (edge !== undefined) this.#at++;
    return edge ?? { is: 'char', test: this.#escape() };
  }

  #group(): Pattern {
    const opening = /^\?(?::|P?<[A-Za-z]\w*>)/.exec(this.#rest());
    if (opening !== null) this.#at += opening[0].length;
    else if (this.#peek() === '?') this.#refuse('lookaround and flags inside a pattern are not known');
    const inner = this.#either();
    if (!this.#take(')')) this.#refuse('a group is not closed');
    return inner;
  }

  #class(): Test {
    const not = this.#take('^');
    const tests: Test[] = [];
    for (let first = true; first || this.#peek() !== ']'; first = false) {
      if (this.#peek() === undefined) this.#refuse('a class is not closed');
      if (this.#rest().startsWith('[:')) this.#refuse('[: :] classes are not known; write them out');
      tests.push(this.#classPart());
    }
    this.#at++;
    return (code) => tests.some((test) => test(code)) !== not;
  }

  #classPart(): Test {
    const low = this.#classChar();
    if (typeof low !== 'number') return low;
    if (this.#peek() !== '-' || this.#chars[this.#at + 1] === ']') return this.#literal(String.fromCodePoint(low));
    this.#at++;
    const high = this.#classChar();
    if (typeof high !== 'number' || high < low) return this.#refuse('a range in a class runs backwards');
    const within: Test = (code) => code >= low && code <= high;
    return this.#ignoreCase ? (code) => within(code) || foldings(code).some(within) : within;
  }

  #classChar(): number | Test {
    const char = this.#next();
    if (char !== '\\') return char.codePointAt(0) as number;
    const set = CLASSES[this.#peek() ?? ''];
    if (set === undefined) return this.#escapedCode();
    this.#at++;
    return set;
  }

  #escape(): Test {
    const set = CLASSES[this.#peek() ?? ''];
    if (set === undefined) return this.#literal(String.fromCodePoint(this.#escapedCode()));
    this.#at++;
    return set;
  }

  #escapedCode(): number {
    const hex = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|x\{([0-9a-fA-F]{1,6})\})/.exec(this.#rest());
    if (hex !== null) {
      this.#at += hex[0].length;
      return Math.min(0x10ffff, Number.parseInt((hex[1] ?? hex[2] ?? hex[3]) as string, 16));
    }
    const char = this.#next();
    const control = CONTROLS[char];
    if (control !== undefined) return control;
    if (/[A-Za-z0-9]/.test(char)) this.#refuse(`\\${char} is not known`);
    return char.codePointAt(0) as number;
  }

  #literal(char: string): Test {
    const wanted = char.codePointAt(0) as number;
    if (!this.#ignoreCase) return (code) => code === wanted;
    const all = [wanted, ...foldings(wanted)];
    return (code) => all.includes(code);
  }

  #next(): string {
    const char = this.#chars[this.#at];
    if (char === undefined) return this.#refuse('it ends too early');
    this.#at++;
    return char;
  }

  #peek(): string | undefined {
    return this.#chars[this.#at];
  }

  #take(char: string): boolean {
    if (this.#chars[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #rest(): string {
    return this.#chars.slice(this.#at, this.#at + 64).join('');
  }

  #refuse(what: string): never {
    throw new Refusal('bad_request', `the pattern ${JSON.stringify(this.#source)} cannot be used: ${what}`);
  }
}

/** The code point in the other case, where that is one code point. */
function foldings(code: number): number[] {
  const char = String.fromCodePoint(code);
  return [char.toLowerCase(), char.toUpperCase()]
    .filter((other) => other !== char && [...other].length === 1)
    .map((other) => other.codePointAt(0) as number);
}
