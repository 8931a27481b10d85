import { JsonTree } from '../wire/json-tree.ts';
import { soundJson } from '../wire/json-text.ts';
import type {
  FilePolicy,
  HistoryRecord,
  Item,
  LineBase,
  LogRecord,
  LogWriter,
  RunRecord,
  StatsRecord,
} from '../wire/wandb-record.ts';
import { ConfigDocument } from './config-document.ts';
import { type ConsoleLine, ConsoleLines } from './console-lines.ts';
import { LineQueue } from './line-queue.ts';
import { Summary } from './summary.ts';

/** Servers take lines of up to 10 MiB; a row beyond that is sent without its long values. */
const LINE_CHARS_MAX = 9 * 1024 * 1024;
const LONG_VALUE_CHARS = 64 * 1024;

/**
 * What a run's log says, in the words of the file stream. A pure function of the records: the k-th history record is line k of
 * the history, however often and by whomever the log is read, so that sending it twice changes nothing.
 */
export class RunLines {
  readonly history = new LineQueue();
  readonly system = new LineQueue();
  readonly config = new ConfigDocument();
  readonly summary = new Summary();
  /** Run files by their path in the `files/` folder. */
  readonly files = new Map<string, FilePolicy>();
  /** Console lines whose text changed since they were last taken, by number. */
  #consoleChanged = new Map<number, ConsoleLine>();
  readonly #console = new ConsoleLines();

  run: RunRecord | null = null;
  base: LineBase | null = null;
  writer: LogWriter | null = null;
  exitCode: number | null = null;
  isPreempting = false;
  /** Seconds the run had lasted when its last row was logged; counts on from a former part of the run. */
  runtimeS = 0;

  /** Starts from what a server has of the run; before the first record. Texts are JSON, the config in the server's form. */
  adopt(former: { readonly config: string; readonly summary: string }): void {
    this.config.adopt(former.config);
    this.summary.adopt(former.summary);
  }

  take(record: LogRecord): void {
    switch (record.type) {
      case 'header':
        this.base ??= record.base ?? null;
        this.writer ??= record.writer ?? null;
        break;
      case 'run':
        this.run ??= record;
        this.config.change(record.config, []);
        this.summary.change(record.summary, []);
        break;
      case 'history':
        this.#takeRow(record);
        break;
      case 'stats':
        this.system.push(this.#statsLine(record));
        break;
      case 'output':
        for (const line of this.#console.take(record.stderr, record.at, record.text)) {
          this.#consoleChanged.set(line.number, line);
        }
        for (const line of this.#console.unfinished()) this.#consoleChanged.set(line.number, line);
        break;
      case 'summary':
      case 'config':
        this[record.type].change(record.update, record.remove);
        break;
      case 'metric':
        this.summary.define(record);
        this.config.define(record);
        break;
      case 'environment':
      case 'telemetry':
        this.config.describe(record);
        break;
      case 'files':
        for (const file of record.files) this.files.set(file.path, file.policy);
        break;
      case 'exit':
        this.exitCode = record.exitCode;
        break;
      case 'preempting':
        this.isPreempting = true;
        break;
      case 'other':
        break;
    }
  }

  /** Characters that wait to be sent. */
  get waitingChars(): number {
    return this.history.bytes + this.system.bytes + this.#consoleChanged.size * 100;
  }

  /** The console lines that changed, in order of number, and forgets that they did. */
  takeConsole(): ConsoleLine[] {
    const lines = [...this.#consoleChanged.values()].sort((a, b) => a.number - b.number);
    this.#consoleChanged = new Map();
    return lines;
  }

  /** Lines from `takeConsole` that could not be sent; newer text of the same line stays. */
  giveBackConsole(lines: readonly ConsoleLine[]): void {
    for (const line of lines) if (!this.#consoleChanged.has(line.number)) this.#consoleChanged.set(line.number, line);
  }

  get hasConsole(): boolean {
    return this.#consoleChanged.size > 0;
  }

  #takeRow(record: HistoryRecord): void {
    const items = record.items.map((item) => ({ path: item.path, json: soundJson(item.json) }));
    if (!items.some((item) => item.path[0] === '_step')) items.push({ path: ['_step'], json: String(record.step) });
    this.summary.log(items);
    const runtime = items.find((item) => item.path[0] === '_runtime');
    if (runtime) this.runtimeS = Number(runtime.json) || this.runtimeS;
    let line = rowJson(items);
    if (line.length > LINE_CHARS_MAX) line = rowJson(items.filter((item) => item.json.length <= LONG_VALUE_CHARS));
    this.history.push(line.length > LINE_CHARS_MAX ? `{"_step":${record.step}}` : line);
  }

  #statsLine(record: StatsRecord): string {
    const items: Item[] = record.items.map((item) => ({
      path: [`system.${item.path.join('.')}`],
      json: soundJson(item.json),
    }));
    const runtime = this.run ? Math.max(0, record.at - this.run.startedAt) / 1000 : 0;
    items.push({ path: ['_wandb'], json: 'true' }, { path: ['_timestamp'], json: String(record.at / 1000) });
    items.push({ path: ['_runtime'], json: String(runtime) });
    return rowJson(items);
  }
}

/** One row as a JSON object. Values go in as they are; paths of several keys become nested objects. */
function rowJson(items: readonly Item[]): string {
  if (items.every((item) => item.path.length === 1) && hasDistinctKeys(items)) {
    return `{${items.map((item) => `${JSON.stringify(item.path[0])}:${item.json}`).join(',')}}`;
  }
  const tree = new JsonTree();
  for (const item of items) tree.set(item.path, item.json);
  return tree.toJson();
}

function hasDistinctKeys(items: readonly Item[]): boolean {
  return new Set(items.map((item) => item.path[0])).size === items.length;
}
