import type { LineBase } from '../wire/wandb-record.ts';
import type { ConsoleLine } from './console-lines.ts';
import type { RunLines } from './run-lines.ts';

/** One request holds about this many characters of rows at most; W&B's client allows 10 MiB. */
const ROWS_CHARS_MAX = 4 * 1024 * 1024;

/** A request to be sent until it arrives. */
export interface Shipment {
  readonly body: string;
  /** Nothing of the log waits behind it. */
  readonly isAll: boolean;
  /** Takes the lines off the queues. */
  arrived(): void;
}

export interface ShipmentParts {
  readonly base: LineBase;
  readonly structuredConsole: boolean;
  /** Names of run files that have been uploaded since the last request. */
  readonly uploaded: readonly string[];
  /** The summary goes along. */
  readonly withSummary: boolean;
  /** The run has ended: the last request says so, if everything fits into it. */
  readonly exitCode: number | null;
}

/** The next file-stream request of a run (`POST …/file_stream`, W&B's format). The lines stay queued until it has arrived. */
export function nextShipment(lines: RunLines, parts: ShipmentParts): Shipment {
  const history = lines.history.peek(ROWS_CHARS_MAX);
  const system = lines.system.peek(ROWS_CHARS_MAX);
  const console = lines.takeConsole();
  const isAll = history.length === lines.history.length && system.length === lines.system.length;

  const files: string[] = [];
  const add = (name: string, offset: number, content: readonly string[]): void => {
    if (content.length > 0) files.push(`"${name}":{"offset":${offset},"content":${JSON.stringify(content)}}`);
  };
  add('wandb-history.jsonl', parts.base.history + lines.history.first, history);
  add('wandb-events.jsonl', parts.base.system + lines.system.first, system);
  if (parts.withSummary) add('wandb-summary.json', 0, [lines.summary.toJson()]);

  // Console lines that follow one another make one entry; a body has one per file, so only the first stretch goes along.
  const stretch = leadingStretch(console);
  const form = parts.structuredConsole ? structuredLine : plainLine;
  add('output.log', parts.base.console + (stretch[0]?.number ?? 0), stretch.map(form));
  const later = console.slice(stretch.length);
  lines.giveBackConsole(later);

  const isLast = isAll && later.length === 0;
  const members = [`"files":{${files.join(',')}}`];
  if (parts.uploaded.length > 0) members.push(`"uploaded":${JSON.stringify(parts.uploaded)}`);
  if (lines.isPreempting) members.push('"preempting":true');
  if (parts.exitCode !== null && isLast) members.push(`"complete":true,"exitcode":${parts.exitCode}`);
  return {
    body: `{${members.join(',')}}`,
    isAll: isLast,
    arrived: () => {
      lines.history.drop(history.length);
      lines.system.drop(system.length);
    },
  };
}

function leadingStretch(lines: readonly ConsoleLine[]): readonly ConsoleLine[] {
  let length = 0;
  let chars = 0;
  while (length < lines.length && lines[length]?.number === (lines[0]?.number ?? 0) + length) {
    chars += lines[length]?.text.length ?? 0;
    if (chars > ROWS_CHARS_MAX && length > 0) break;
    length++;
  }
  return lines.slice(0, length);
}

/** W&B's line as a JSON object; times are UTC without a zone. */
function structuredLine(line: ConsoleLine): string {
  return JSON.stringify({ ...(line.stderr && { level: 'error' }), ts: timeText(line.at), content: line.text });
}

function plainLine(line: ConsoleLine): string {
  return `${line.stderr ? 'ERROR ' : ''}${timeText(line.at)} ${line.text}`;
}

function timeText(ms: number): string {
  const whole = Math.floor(ms);
  const micros = String(Math.floor((ms - whole) * 1000)).padStart(3, '0');
  const date = new Date(whole);
  return Number.isNaN(date.getTime()) ? '1970-01-01T00:00:00.000000' : date.toISOString().slice(0, 23) + micros;
}
