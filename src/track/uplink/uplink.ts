import type { Backoff } from '../../core/base/backoff.ts';
import { pause } from './pause.ts';
import type { LineBase, LogWriter } from '../wire/wandb-record.ts';
import { nextShipment } from './file-stream-body.ts';
import { type LogEnd, LogTail } from './log-tail.ts';
import { refuseOtherRows } from './other-rows.ts';
import { Retry, UploadEnded } from './retry.ts';
import { RunFiles } from './run-files.ts';
import { RunLines } from './run-lines.ts';
import {
  askDefaultEntity,
  askFormerPart,
  askRowsAt,
  askStructuredConsole,
  type FormerPart,
  updateConfig,
  upsertRun,
} from './run-requests.ts';
import { type ServerAddress, ServerLink } from './server-link.ts';

/** Rows are read ahead of the sending only up to this many characters; the rest waits in the log. */
const READ_AHEAD_CHARS = 8 * 1024 * 1024;
const SUMMARY_EVERY_MS = 5000;
/** Of a program that vanished without a word; the official client says the same. */
const EXIT_CODE_UNKNOWN = 1;

export interface UplinkPace {
  /** Between two requests while the run goes on. */
  readonly sendEveryMs: number;
  /** Between two looks at the log. */
  readonly lookEveryMs: number;
  /** After this much silence an empty request says that the run lives. */
  readonly heartbeatMs: number;
  readonly backoff: Backoff;
}

/** W&B's heartbeat and back-off; requests often enough that a chart feels live. */
export const DEFAULT_PACE: UplinkPace = {
  sendEveryMs: 1000,
  lookEveryMs: 200,
  heartbeatMs: 30_000,
  backoff: { firstMs: 2000, capMs: 60_000 },
};

export interface UplinkOptions {
  readonly logPath: string;
  /** The run's `files/` folder. */
  readonly filesFolder: string;
  readonly server: ServerAddress;
  readonly pace: UplinkPace;
  /** W&B's rules: `must` refuses a run that is not there, `never` one that is. */
  readonly resume: 'allow' | 'must' | 'never' | null;
  /** Whether the log may still grow; `writer` is null when the log does not say who writes it. */
  readonly isWriterAlive: (writer: LogWriter | null) => boolean;
  /** Whether to stay until the writer has ended; else what there is is sent, and the run is left open if its writer lives. */
  readonly follow: boolean;
  /** How long the server may be out of reach, in milliseconds. */
  readonly patienceMs: () => number;
  /**
   * Gets the base into the log, by way of whoever may write to it. Answers the base that holds, or null when the log has to be
   * read on to find it; then it is called again. What it throws ends the upload.
   */
  readonly recordBase: (base: LineBase, end: LogEnd, isWriterAlive: boolean) => LineBase | null;
  readonly on: {
    started(run: StartedRun): void;
    /** One sentence for people. */
    notice(text: string): void;
    /** Somebody asked that the run stop; may be called often. */
    stopRequested(): void;
    /** Lines of the history that have arrived, of those read so far. */
    progress?(sent: number): void;
  };
}

export interface StartedRun {
  readonly entity: string;
  readonly project: string;
  readonly displayName: string;
  /** The run's page. */
  readonly url: string;
  readonly former: FormerPart | null;
}

export type UplinkOutcome =
  /** All that the log holds has arrived. `damage`: behind this the log cannot be read. `open`: the writer lives. */
  | { readonly kind: 'synced'; readonly rows: number; readonly damage: string | null; readonly open: boolean }
  | { readonly kind: 'refused' | 'unreachable'; readonly reason: string }
  /** Nothing to send: the log names no run. */
  | { readonly kind: 'empty'; readonly reason: string };

/**
 * Sends one run's log to a server by the W&B protocol, while it is being written or later. What it sends is a pure function of
 * the log, so it may be killed, run twice, or run beside another of its kind.
 */
export class Uplink {
  readonly #options: UplinkOptions;
  readonly #tail: LogTail;
  readonly #link: ServerLink;
  readonly #retry: Retry;
  readonly #abort = new AbortController();
  #lines = new RunLines();
  #wake = new AbortController();

  constructor(options: UplinkOptions) {
    this.#options = options;
    this.#tail = new LogTail(options.logPath);
    this.#link = new ServerLink(options.server, this.#abort.signal);
    this.#retry = new Retry({
      backoff: options.pace.backoff,
      patienceMs: options.patienceMs,
      onLost: (reason) => options.on.notice(`Cannot upload for now: ${reason}. The run goes on and keeps its log.`),
      onBack: () => options.on.notice('The server answers again; uploading goes on.'),
    });
  }

  /** Looks at the log at once, and at patience anew: the run has ended, or is about to. */
  hurry(): void {
    this.#retry.hurry();
    this.#wake.abort();
    this.#wake = new AbortController();
  }

  /** Resolves when the log is sent, or cannot be; never rejects for what a network, a server or a log can do. */
  async run(): Promise<UplinkOutcome> {
    try {
      if (!(await this.#readUntil(() => this.#lines.run !== null))) {
        return { kind: 'empty', reason: this.#tail.damage?.reason ?? 'the log names no run' };
      }
      return await this.#send(await this.#connect());
    } catch (error) {
      if (error instanceof UploadEnded) return { kind: error.kind, reason: error.message };
      throw error;
    } finally {
      this.#abort.abort();
    }
  }

  /** Announces the run and learns from where its lines count. */
  async #connect(): Promise<Connection> {
    const record = this.#lines.run;
    if (record === null) throw new Error('connecting before the run is known');
    const entity = record.entity || (await this.#retry.until(() => askDefaultEntity(this.#link)));
    const place = { entity, project: record.project || 'uncategorized', id: record.runId };
    const former = await this.#retry.until(() => askFormerPart(this.#link, place));
    const { resume } = this.#options;
    if (resume === 'must' && former === null) {
      throw new UploadEnded(
        'refused',
        `run ${record.runId} is to be resumed but does not exist; resume: 'allow' begins it`,
      );
    }
    if (resume === 'never' && former !== null) {
      throw new UploadEnded('refused', `run ${record.runId} exists already; choose another id or resume: 'allow'`);
    }
    if (former !== null && record.resumed) {
      this.#lines = new RunLines();
      this.#lines.adopt(former);
      this.#tail.rewind();
      await this.#readUntil(() => this.#lines.run !== null);
    }
    const proposed = former?.lines ?? { history: 0, system: 0, console: 0 };
    // A log that nobody writes is settled before the server is told anything; a living one when its writer has time.
    const settled = this.#options.follow ? null : await this.#awaitBase(proposed);
    if (settled && former && former.lines.history > settled.history) {
      const ask = (step: number) => this.#retry.until(() => askRowsAt(this.#link, place, step));
      await refuseOtherRows(this.#options.logPath, former.lines.history - settled.history, ask);
    }
    const program = String(this.#lines.config.metadata()['program'] ?? '');
    const config = this.#lines.config.toJson();
    const known = await this.#retry.until(() => upsertRun(this.#link, record, place, config, program));
    const structuredConsole = await this.#retry.until(() => askStructuredConsole(this.#link));
    const run = { entity: known.entity, project: known.project, id: record.runId };
    const path = [known.entity, known.project, 'runs', record.runId].map(encodeURIComponent).join('/');
    this.#options.on.started({ ...known, url: `${this.#link.url}/${path}`, former });
    const base = settled ?? (await this.#awaitBase(proposed));
    return { run, base, structuredConsole, configVersion: this.#lines.config.version };
  }

  /** Looks through the log for its base, holding nothing: the base may lie behind more rows than are read ahead. */
  async #awaitBase(proposed: LineBase): Promise<LineBase> {
    const scout = new LogTail(this.#options.logPath);
    for (let newsAt = performance.now(); ;) {
      const records = await scout.read();
      const base = records.flatMap((record) => (record.type === 'header' ? (record.base ?? []) : [])).at(0);
      if (base) return base;
      const settled = this.#recordBase(proposed, scout.end);
      if (settled !== null) {
        this.#tail.reread();
        return settled;
      }
      if (records.length > 0) newsAt = performance.now();
      else if (performance.now() - newsAt <= this.#options.patienceMs()) await this.#rest();
      else throw new UploadEnded('unreachable', "the run's log takes no more records; make room on its disk");
    }
  }

  #recordBase(proposed: LineBase, end: LogEnd): LineBase | null {
    try {
      return this.#options.recordBase(proposed, end, this.#options.isWriterAlive(this.#lines.writer));
    } catch (error) {
      throw new UploadEnded('refused', (error as Error).message);
    }
  }

  async #send(connection: Connection): Promise<UplinkOutcome> {
    const { pace, on } = this.#options;
    const server = { link: this.#link, retry: this.#retry };
    const files = new RunFiles(this.#options.filesFolder, server, connection.run, on.notice);
    const sent = { configVersion: connection.configVersion, summaryVersion: -1, summaryAt: -Infinity, at: -Infinity };
    for (;;) {
      const state = await this.#readAll();
      const isEnding = state === 'ended' || state === 'pausing';
      const waits = this.#lines.waitingChars > 0 || this.#lines.summary.version !== sent.summaryVersion;
      const silentMs = performance.now() - sent.at;
      if (!isEnding && state !== 'ahead' && silentMs < (waits ? pace.sendEveryMs : pace.heartbeatMs)) {
        await this.#rest();
        continue;
      }
      if (this.#lines.config.version !== sent.configVersion) {
        sent.configVersion = this.#lines.config.version;
        await this.#retry.until(() => updateConfig(this.#link, connection.run, this.#lines.config.toJson()));
      }
      if (state === 'ended' && !this.#lines.files.has('config.yaml')) await this.#writeOwnFiles(files);
      await files.upload(this.#lines.files, isEnding);

      const { version } = this.#lines.summary;
      const isSummaryDue = isEnding || performance.now() - sent.summaryAt >= SUMMARY_EVERY_MS;
      const shipment = nextShipment(this.#lines, {
        ...connection,
        uploaded: files.takeUploaded(),
        withSummary: version !== sent.summaryVersion && isSummaryDue,
        exitCode: state === 'ended' ? (this.#lines.exitCode ?? EXIT_CODE_UNKNOWN) : null,
      });
      const reply = await this.#retry.until(() => this.#link.fileStream(connection.run, shipment.body));
      shipment.arrived();
      sent.at = performance.now();
      if (isSummaryDue) {
        sent.summaryVersion = version;
        sent.summaryAt = sent.at;
      }
      on.progress?.(this.#lines.history.first);
      if (reply.stopped) on.stopRequested();
      if (isEnding && shipment.isAll) {
        const damage = this.#tail.damage?.reason ?? null;
        return { kind: 'synced', rows: this.#lines.history.first, damage, open: state === 'pausing' };
      }
    }
  }

  /** What every W&B run has among its files, made from the log. */
  async #writeOwnFiles(files: RunFiles): Promise<void> {
    await files.write('config.yaml', this.#lines.config.toYaml());
    await files.write('wandb-summary.json', this.#lines.summary.toJson());
    await files.write('wandb-metadata.json', JSON.stringify(this.#lines.config.metadata(), null, 2));
    // The last is the official client's, which its log does not name.
    const names = ['config.yaml', 'wandb-summary.json', 'wandb-metadata.json', 'output.log'];
    for (const name of names) this.#lines.files.set(name, 'end');
  }

  /**
   * Reads on. `ahead`: more waits in the log than is to be held. `growing`: all is read, more may come. `ended`: all is read
   * and nothing more comes. `pausing`: all is read, and more may come but is not to be waited for.
   */
  async #readAll(): Promise<'ahead' | 'growing' | 'ended' | 'pausing'> {
    for (;;) {
      if (this.#lines.waitingChars > READ_AHEAD_CHARS) return 'ahead';
      // Asked before the reading: what a writer left before it died is then surely seen.
      const isAlive = this.#options.isWriterAlive(this.#lines.writer);
      if ((await this.#read()) > 0) continue;
      if (this.#lines.exitCode !== null || !isAlive) return 'ended';
      return this.#options.follow ? 'growing' : 'pausing';
    }
  }

  async #readUntil(isEnough: () => boolean): Promise<boolean> {
    while (!isEnough()) {
      const isAlive = this.#options.isWriterAlive(this.#lines.writer);
      if ((await this.#read()) > 0) continue;
      if (!isAlive || !this.#options.follow) return isEnough();
      await this.#rest();
    }
    return true;
  }

  /** How many records were new. */
  async #read(): Promise<number> {
    const records = await this.#tail.read();
    for (const record of records) this.#lines.take(record);
    return records.length;
  }

  #rest(): Promise<void> {
    return pause(this.#options.pace.lookEveryMs, this.#wake.signal);
  }
}

interface Connection {
  readonly run: { readonly entity: string; readonly project: string; readonly id: string };
  readonly base: LineBase;
  readonly structuredConsole: boolean;
  readonly configVersion: number;
}
