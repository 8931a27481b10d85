/** One line of a program's output as the client sent it. */
export interface ScannedLine {
  /** Milliseconds since the epoch; null when the line carries no time. */
  readonly at: number | null;
  readonly stderr: boolean;
  readonly label: string | null;
  readonly text: string;
}

const TEXT_FORM = /^(ERROR )?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?) (?:\[([^\]\n]{1,200})\] )?/;

/**
 * Reads a line of `output.log`: a JSON object in text (`{"level":"error","ts":"…","label":"…","content":"…"}`), the older
 * `ERROR 2026-11-22T01:26:50.745369 [label] text`, or else plain text. Times without a zone are UTC.
 */
export function parseConsoleLine(line: string): ScannedLine {
  return (line.startsWith('{') ? structured(line) : null) ?? prefixed(line);
}

function structured(line: string): ScannedLine | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return null; // A program that prints something that begins with a brace.
  }
  const { content, ts, level, label } = parsed as Partial<Record<'content' | 'ts' | 'level' | 'label', unknown>>;
  if (typeof content !== 'string') return null;
  return {
    at: typeof ts === 'string' ? time(ts) : null,
    stderr: level === 'error',
    label: typeof label === 'string' && label !== '' ? label : null,
    text: content,
  };
}

function prefixed(line: string): ScannedLine {
  const match = TEXT_FORM.exec(line);
  if (match === null) return { at: null, stderr: false, label: null, text: line };
  return {
    at: time(match[2] as string),
    stderr: match[1] !== undefined,
    label: match[3] ?? null,
    text: line.slice(match[0].length),
  };
}

function time(text: string): number | null {
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`;
  const at = Date.parse(zoned);
  return Number.isNaN(at) ? null : at;
}
