import { linkSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { looseText, parsedText } from '../uplink/value-text.ts';
import type { BackgroundUplink } from '../uplink/background-uplink.ts';
import type { RowWriter } from '../uplink/row-writer.ts';
import type { RunFolder } from '../uplink/run-folder.ts';
import type { RunLog } from '../uplink/run-log.ts';
import type { StartedRun, UplinkOutcome } from '../uplink/uplink.ts';
import { captureConsole, tell } from './console-capture.ts';
import { catchSignals, endWithProcess } from './exit-hooks.ts';
import type { Mode, ResolvedOptions } from './init-options.ts';
import { RecordedValues } from './recorded-values.ts';
import type { FinishReport, MetricOptions, Run } from './run.ts';

/** Between two records of the whole summary, which may have many keys. */
const SUMMARY_EVERY_S = 30;

export interface RecordedRunParts {
  readonly options: ResolvedOptions;
  readonly id: string;
  readonly folder: RunFolder;
  readonly log: RunLog;
  readonly rows: RowWriter;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Called once when the run has ended, with its exit code. */
  readonly onEnd: (exitCode: number) => void;
}

/** A run with a log of its own, and, when online, a thread that uploads it. */
export class RecordedRun implements Run {
  readonly id: string;
  readonly project: string;
  readonly mode: Mode;
  readonly folder: string;
  readonly config: RecordedValues;
  readonly summary: RecordedValues;
  readonly #parts: RecordedRunParts;
  readonly #log: RunLog;
  readonly #rows: RowWriter;
  readonly #stop = new AbortController();
  readonly #letGo: (() => void)[] = [];
  readonly #said = new Set<string>();
  /** When `_runtime` was 0, on the clock that never goes back, in milliseconds. */
  #origin = performance.now();
  #uplink: BackgroundUplink | null = null;
  #started: StartedRun | null = null;
  #step = 0;
  #summaryAtS = 0;
  #finished: Promise<FinishReport> | null = null;
  #hasEnded = false;

  constructor(parts: RecordedRunParts) {
    const { options } = parts;
    this.#parts = parts;
    this.#log = parts.log;
    this.#rows = parts.rows;
    this.id = parts.id;
    this.project = options.project;
    this.mode = options.mode;
    this.folder = parts.folder.path;
    const recordAs =
      (type: 'config' | 'summary') => (update: readonly (readonly [string, unknown])[], remove: readonly string[]) =>
        this.#guard(() => {
          const items = update.map(([key, value]) => ({ path: [key], json: looseText(value) ?? 'null' }));
          if (type === 'summary')
            for (const key of [...update.map(([name]) => name), ...remove]) this.#rows.settle(key);
          this.#log.append({ type, update: items, remove: remove.map((key) => [key]) });
        });
    this.config = new RecordedValues(options.config, recordAs('config'));
    this.summary = new RecordedValues({}, recordAs('summary'), (key) => parsedText(this.#rows.last([key])));
  }

  /** Takes the uploading thread into service, if there is one, and begins to listen to the program. */
  attach(uplink: BackgroundUplink | null): void {
    this.#uplink = uplink;
    const { settings } = this.#parts.options;
    if (settings.console) {
      this.#letGo.push(
        captureConsole((stderr, text) => this.#log.append({ type: 'output', stderr, at: Date.now(), text })),
      );
    }
    this.#letGo.push(endWithProcess(this));
    if (settings.catchSignals) this.#letGo.push(catchSignals(this));
  }

  /** The server has answered. A run that is resumed goes on from its former part, unless rows were logged meanwhile. */
  start(run: StartedRun): void {
    this.#started = run;
    const isResumed = this.#parts.options.resume !== null && run.former !== null && this.#step === 0;
    if (isResumed && run.former) {
      this.#step = run.former.nextStep;
      this.#origin -= run.former.runtimeS * 1000;
      this.config.adopt(configValues(run.former.config));
      this.summary.adopt((parsedText(run.former.summary) ?? {}) as Record<string, unknown>);
    }
    this.say(`${isResumed ? 'resumed' : 'run'} ${run.displayName} → ${run.url}`);
  }

  /** The thread sends nothing more. Before the run has ended that is worth a word. */
  endUpload(outcome: UplinkOutcome): void {
    if (outcome.kind === 'synced' || this.#hasEnded) return;
    this.say(`uploading has ended: ${outcome.reason}. The run goes on and keeps its log`);
  }

  /** Appends what the uploading thread left for the log, and learns whether somebody asked that the run stop. */
  takeMail(): void {
    if (this.#uplink === null) return;
    for (const record of this.#uplink.mailbox.take()) this.#log.appendBytes(record);
    if (this.#uplink.mailbox.isStopAsked && !this.#stop.signal.aborted) {
      this.say('somebody asked that this run stop; `run.signal` is aborted');
      this.#stop.abort();
    }
  }

  get entity(): string {
    return this.#started?.entity ?? this.#parts.options.entity;
  }

  get name(): string {
    return this.#started?.displayName ?? this.#parts.options.name;
  }

  get url(): string | null {
    return this.#started?.url ?? null;
  }

  get step(): number {
    return this.#step;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  log(row: Readonly<Record<string, unknown>>, options?: { readonly step?: number }): void {
    try {
      if (this.#hasEnded) return this.sayOnce('log() after finish(): the row was not recorded');
      if (this.#uplink !== null && (this.#uplink.mailbox.isFull || this.#uplink.mailbox.isStopAsked)) this.takeMail();
      const step = options?.step ?? this.#step;
      if (!Number.isSafeInteger(step) || step < 0)
        return this.sayOnce(`step ${step} is no whole number from 0: the row was not recorded`);
      if (step < this.#step - 1)
        return this.sayOnce(`step ${step} lies before the last one: such rows are not recorded`);
      // Whole microseconds: shorter text, and nobody's clock tells more.
      const runtimeS = Math.round((performance.now() - this.#origin) * 1000) / 1e6;
      this.#rows.write(row, step, runtimeS, Date.now() / 1000);
      this.#step = step + 1;
      if (runtimeS - this.#summaryAtS > SUMMARY_EVERY_S) this.#writeSummary(runtimeS);
    } catch (error) {
      this.sayOnce(`a row was not recorded: ${(error as Error).message}`);
    }
  }

  defineMetric(name: string, options: MetricOptions = {}): void {
    this.#guard(() => {
      const isGlob = name.includes('*');
      const record = {
        type: 'metric' as const,
        name: isGlob ? '' : name,
        glob: isGlob ? name : '',
        stepMetric: options.stepMetric ?? '',
        stepSync: options.stepMetric !== undefined,
        hidden: options.hidden ?? false,
        summary: options.summary === undefined ? [] : [options.summary].flat(),
        goal: options.goal ?? null,
      };
      this.#log.append(record);
      this.#rows.define(record);
    });
  }

  save(file: string, options: { readonly base?: string; readonly policy?: 'live' | 'end' | 'now' } = {}): void {
    this.#guard(() => {
      const path = resolve(file);
      const below = options.base === undefined ? basename(path) : relative(resolve(options.base), path);
      if (below.split(/[/\\]/).includes('..')) throw new Error(`${file} does not lie below ${options.base}`);
      linkInto(path, join(this.#parts.folder.filesFolder, below));
      this.#log.append({
        type: 'files',
        files: [{ path: below.replaceAll('\\', '/'), policy: options.policy ?? 'live' }],
      });
    });
  }

  finish(exitCode = 0): Promise<FinishReport> {
    this.#finished ??= this.#finish(exitCode);
    return this.#finished;
  }

  /** `finish` for a process that is about to exit: blocks, at most `exitTimeoutMs`. */
  finishNow(exitCode: number): void {
    if (this.#hasEnded) return;
    this.#end(exitCode);
    const outcome = this.#uplink?.finishNow(this.#parts.options.settings.exitTimeoutMs) ?? null;
    this.#log.close();
    this.#report(outcome);
  }

  /** A line for people, unless the run is to be silent. */
  say(text: string): void {
    if (!this.#parts.options.settings.silent) tell(`trackside: ${text}`);
  }

  sayOnce(text: string): void {
    if (this.#said.has(text) || this.#said.size > 100) return;
    this.#said.add(text);
    this.say(text);
  }

  async #finish(exitCode: number): Promise<FinishReport> {
    try {
      this.#end(exitCode);
      const outcome = (await this.#uplink?.finish(this.#parts.options.settings.finishTimeoutMs)) ?? null;
      this.#log.close();
      return this.#report(outcome);
    } catch (error) {
      return { synced: false, reason: (error as Error).message };
    }
  }

  /** The last records, brought to the disk. The log stays open for what the uploading thread may still have for it. */
  #end(exitCode: number): void {
    if (this.#hasEnded) return;
    this.takeMail();
    for (const letGo of this.#letGo) letGo();
    this.#guard(() => this.#writeSummary((performance.now() - this.#origin) / 1000));
    this.#hasEnded = true;
    this.#log.append({ type: 'exit', exitCode });
    this.#log.sync();
    this.#parts.onEnd(exitCode);
  }

  #report(outcome: UplinkOutcome | null): FinishReport {
    if (outcome?.kind === 'synced') {
      this.say(`${this.name} is complete → ${this.url}`);
      return { synced: true, reason: null };
    }
    const reason =
      outcome?.reason ?? (this.mode === 'offline' ? 'the run is offline' : 'the upload did not come to its end');
    this.say(`${reason}; \`trackside sync ${relative(process.cwd(), this.folder) || '.'}\` uploads it`);
    return { synced: false, reason };
  }

  /** Now and then, for the case that the program is killed and the official client uploads the log. */
  #writeSummary(runtimeS: number): void {
    this.#summaryAtS = runtimeS;
    const update = [...this.#rows.summaryItems(), { path: ['_wandb', 'runtime'], json: String(Math.floor(runtimeS)) }];
    this.#log.append({ type: 'summary', update, remove: [] });
  }

  #guard(action: () => void): void {
    try {
      if (!this.#hasEnded) action();
    } catch (error) {
      this.sayOnce((error as Error).message);
    }
  }
}

function linkInto(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  try {
    symlinkSync(target, path);
  } catch {
    // Systems that forbid symbolic links to ordinary users allow hard ones.
    linkSync(target, path);
  }
}

/** The plain values of a config in the server's form. */
function configValues(json: string): Record<string, unknown> {
  const wrapped = (parsedText(json) ?? {}) as Record<string, { value?: unknown } | null>;
  const keys = Object.entries(wrapped).filter(([key]) => key !== '_wandb');
  return Object.fromEntries(keys.map(([key, entry]) => [key, entry?.value]));
}
