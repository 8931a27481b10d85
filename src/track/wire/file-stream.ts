import { isUtf8 } from 'node:buffer';
import type { LooseJson } from '../../core/model/run.ts';
import { parseConsoleLine, type ScannedLine } from './console-line.ts';
import { KeyTable } from './key-table.ts';
import { skipSpace, skipString, skipValue, stringAt } from './loose-json-bytes.ts';
import { malformed } from './malformed.ts';
import { RowScanner } from './row-scanner.ts';
import type { ScannedRows } from './scanned-rows.ts';

/** Line numbers beyond this are refused: no program writes so many lines, and W&B's dialect counts lines in 32 bits. */
const LINES_MAX = 2 ** 30;

/** Lines of one file, from line `line0` of their writer on. */
export interface Lines<T> {
  readonly line0: number;
  readonly lines: T;
}

/** What one body of W&B's `file_stream` says. */
export interface FileStreamBody {
  readonly history: Lines<ScannedRows> | null;
  readonly system: Lines<ScannedRows> | null;
  readonly console: Lines<readonly ScannedLine[]> | null;
  /** The last summary it holds. */
  readonly summary: LooseJson | null;
  /** The value, not the presence: clients send `false` too. */
  readonly complete: boolean;
  readonly exitCode: number | null;
  readonly preempting: boolean;
  /** Names of run files that the client has uploaded. */
  readonly uploaded: readonly string[];
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Reads bodies of `POST /files/…/file_stream` (JSON, not compressed), as W&B's clients 0.28 to 0.31 send them. One
 * scanner reads body after body and remembers their keys between them, within bounds.
 */
export class FileStreamScanner {
  readonly #table = new KeyTable();
  readonly #rows = new RowScanner(this.#table);

  /** Throws a `Refusal` (`bad_request`) for a body that breaks a rule; nothing of it counts then. */
  scan(bytes: Uint8Array): FileStreamBody {
    if (!isUtf8(bytes)) throw malformed('not UTF-8', 0);
    const body: Writable<FileStreamBody> = {
      history: null,
      system: null,
      console: null,
      summary: null,
      complete: false,
      exitCode: null,
      preempting: false,
      uploaded: [],
    };
    try {
      const end = members(bytes, skipSpace(bytes, 0), (name, at) => this.#member(bytes, body, name, at));
      if (skipSpace(bytes, end) !== bytes.length) throw malformed('something follows the object', end);
    } finally {
      this.#rows.drop();
      this.#table.forgetWhenLarge();
    }
    return body;
  }

  #member(bytes: Uint8Array, body: Writable<FileStreamBody>, name: string, at: number): number {
    if (name === 'files' && bytes[at] === 0x7b) {
      return members(bytes, at, (file, from) => this.#file(bytes, body, file, from));
    }
    const end = skipValue(bytes, at, 0);
    if (name === 'complete') body.complete = bytes[at] === 0x74;
    else if (name === 'preempting') body.preempting = bytes[at] === 0x74;
    else if (name === 'exitcode') body.exitCode = integer(bytes, at, end);
    else if (name === 'uploaded' && bytes[at] === 0x5b) body.uploaded = strings(bytes, at).strings;
    return end;
  }

  #file(bytes: Uint8Array, body: Writable<FileStreamBody>, file: string, at: number): number {
    if (bytes[at] !== 0x7b) return skipValue(bytes, at, 0);
    let line0 = 0;
    let rows: ScannedRows | null = null;
    let lines: string[] | null = null;
    const isRows = file === 'wandb-history.jsonl' || file === 'wandb-events.jsonl';
    const isLines = file === 'output.log' || file === 'wandb-summary.json';
    const end = members(bytes, at, (name, from) => {
      if (name === 'content' && bytes[from] === 0x5b) {
        if (isRows) {
          const behind = items(bytes, from, (item) => this.#rows.row(bytes, item));
          rows = this.#rows.take();
          return behind;
        }
        if (isLines) {
          const found = strings(bytes, from);
          lines = found.strings;
          return found.end;
        }
      }
      const behind = skipValue(bytes, from, 0);
      if (name === 'offset') line0 = lineNumber(bytes, from, behind);
      return behind;
    });
    if (rows !== null) body[file === 'wandb-history.jsonl' ? 'history' : 'system'] = { line0, lines: rows };
    if (lines !== null && file === 'output.log') body.console = { line0, lines: consoleLines(lines) };
    if (lines !== null && file === 'wandb-summary.json') body.summary = summary(lines, at) ?? body.summary;
    return end;
  }
}

function consoleLines(lines: readonly string[]): readonly ScannedLine[] {
  return lines.map((line) => parseConsoleLine(line.endsWith('\n') ? line.slice(0, -1) : line));
}

function summary(lines: readonly string[], at: number): LooseJson | null {
  const last = lines.at(-1);
  if (last === undefined) return null;
  const bytes = new TextEncoder().encode(last);
  const start = skipSpace(bytes, 0);
  const end = skipValue(bytes, start, 0);
  if (bytes[start] !== 0x7b || skipSpace(bytes, end) !== bytes.length) {
    throw malformed('a summary must be one object', at);
  }
  return last as LooseJson;
}

/** Calls `each` with the key and the offset of each value of the object at `at`; it returns the offset behind the value. */
function members(bytes: Uint8Array, at: number, each: (name: string, at: number) => number): number {
  if (bytes[at] !== 0x7b) throw malformed('an object was expected', at);
  at = skipSpace(bytes, at + 1);
  if (bytes[at] === 0x7d) return at + 1;
  for (;;) {
    const end = skipString(bytes, at, 0);
    const name = stringAt(bytes, at, end);
    at = skipSpace(bytes, end);
    if (bytes[at] !== 0x3a) throw malformed('a colon was expected', at);
    at = skipSpace(bytes, each(name, skipSpace(bytes, at + 1)));
    if (bytes[at] === 0x7d) return at + 1;
    if (bytes[at] !== 0x2c) throw malformed('a comma or the end of an object was expected', at);
    at = skipSpace(bytes, at + 1);
  }
}

/** Calls `each` with the offset of each item of the list at `at`; it returns the offset behind the item. */
function items(bytes: Uint8Array, at: number, each: (at: number) => number): number {
  at = skipSpace(bytes, at + 1);
  if (bytes[at] === 0x5d) return at + 1;
  for (;;) {
    at = skipSpace(bytes, each(at));
    if (bytes[at] === 0x5d) return at + 1;
    if (bytes[at] !== 0x2c) throw malformed('a comma or the end of a list was expected', at);
    at = skipSpace(bytes, at + 1);
  }
}

function strings(bytes: Uint8Array, at: number): { strings: string[]; end: number } {
  const found: string[] = [];
  const end = items(bytes, at, (from) => {
    const behind = skipString(bytes, from, 0);
    found.push(stringAt(bytes, from, behind));
    return behind;
  });
  return { strings: found, end };
}

function lineNumber(bytes: Uint8Array, at: number, end: number): number {
  const line = integer(bytes, at, end);
  if (line === null || line < 0 || line > LINES_MAX) throw malformed('an offset is not a line number', at);
  return line;
}

function integer(bytes: Uint8Array, at: number, end: number): number | null {
  const value = Number(String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 32))));
  return Number.isSafeInteger(value) ? value : null;
}
