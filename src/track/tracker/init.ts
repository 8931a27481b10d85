import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { identifyProcess } from '../../machine/process-identity.ts';
import { BackgroundUplink } from '../uplink/background-uplink.ts';
import { createLogFile } from '../uplink/log-file.ts';
import { RowWriter } from '../uplink/row-writer.ts';
import { createRunFolder } from '../uplink/run-folder.ts';
import { RunLog } from '../uplink/run-log.ts';
import { DEFAULT_PACE } from '../uplink/uplink.ts';
import { looseText } from '../uplink/value-text.ts';
import { claimRun, findClaim, releaseRun } from './claims.ts';
import { tell } from './console-capture.ts';
import { describeEnvironment } from './environment.ts';
import { type InitOptions, type ResolvedOptions, resolveOptions } from './init-options.ts';
import { isMainProcess } from './rank.ts';
import { RecordedRun } from './recorded-run.ts';
import { readResumeNote, removeResumeNote, writeResumeNote } from './resume-note.ts';
import { type Run, silentRun } from './run.ts';
import { VERSION } from './version.ts';

const PRODUCER = `trackside ${VERSION}`;

/**
 * Begins a run. Returns at once; only with `resume` it waits for the server, at most `initTimeoutMs`, to learn where the run
 * stands. A server that is not there is a notice: the run is recorded, and uploaded when the server comes back.
 *
 * Returns a run that records nothing when tracking is disabled, in processes of a distributed job other than the first, in a
 * child process of one that logs this run already, and when the run's folder cannot be written. Throws on options that mean
 * nothing, and when `resume` forbids the run.
 */
export function init(options: InitOptions = {}): Run {
  const resolved = resolveOptions(options, process.env);
  const id = chooseId(resolved);
  if (resolved.mode === 'disabled' || !isMainProcess()) return silentRun(id, resolved.project);
  const say = (text: string): void => (resolved.settings.silent ? undefined : tell(`trackside: ${text}`));
  const holder = resolved.id === null ? null : findClaim(id);
  if (holder) {
    say(`run ${id} is being logged by process ${holder.pid}; this one records nothing`);
    return silentRun(id, resolved.project);
  }
  if (resolved.mode === 'online' && resolved.apiKey === null) {
    say(`no API key for ${resolved.server}; recording offline. \`trackside login\` or WANDB_API_KEY mends it`);
    return begin({ ...resolved, mode: 'offline' }, id, say);
  }
  return begin(resolved, id, say);
}

function begin(options: ResolvedOptions, id: string, say: (text: string) => void): Run {
  const startedAt = Date.now();
  let run: RecordedRun;
  try {
    run = record(options, id, startedAt, say);
  } catch (error) {
    say(`nothing is recorded: ${(error as Error).message}`);
    return silentRun(id, options.project);
  }
  let refusal: string | null = null;
  const uplink = startUplink(options, run, (reason) => (refusal = reason));
  run.attach(uplink);
  if (uplink && options.mode === 'online' && options.resume !== null) {
    const answered = uplink.awaitStarted(options.settings.initTimeoutMs);
    if (!answered) run.say(`${options.server} has not answered; the run goes on without knowing where it stood`);
    if (refusal !== null && (options.resume === 'must' || options.resume === 'never')) {
      void run.finish(1);
      throw new Error(refusal);
    }
  }
  return run;
}

/** The thread that uploads the run and reads the machine; null, with a notice, when the system allows no further thread. */
function startUplink(
  options: ResolvedOptions,
  run: RecordedRun,
  onRefused: (reason: string) => void,
): BackgroundUplink | null {
  try {
    return new BackgroundUplink({
      logPath: join(run.folder, `run-${run.id}.wandb`),
      filesFolder: join(run.folder, 'files'),
      server: options.mode === 'online' ? { url: options.server, apiKey: options.apiKey ?? '' } : null,
      pace: DEFAULT_PACE,
      resume: options.resume === 'auto' ? 'allow' : options.resume,
      readMachineEveryMs: options.settings.readMachineEveryMs,
      producer: PRODUCER,
      on: {
        started: (started) => run.start(started),
        notice: (text) => run.say(text),
        mail: () => run.takeMail(),
        stop: () => run.takeMail(),
        ended: (outcome) => {
          if (outcome.kind === 'refused') onRefused(outcome.reason);
          run.endUpload(outcome);
        },
      },
    });
  } catch (error) {
    run.say(`the run is not uploaded for now: ${(error as Error).message}`);
    return null;
  }
}

/** Opens the run's folder and log, and writes what is known from the start. Throws as `node:fs` does. */
function record(options: ResolvedOptions, id: string, startedAt: number, say: (text: string) => void): RecordedRun {
  const folder = createRunFolder(options.dir, id, options.mode === 'offline', new Date(startedAt));
  const file = createLogFile(folder.logPath);
  const log = new RunLog(file, { onTrouble: say, monotonic: () => performance.now() });
  const writer = identifyProcess();
  // A run that nobody can have begun before counts its lines from 0, and no server need be asked.
  const isNew = options.id === null && options.resume === null;
  log.append({
    type: 'header',
    producer: PRODUCER,
    ...(isNew && { base: { history: 0, system: 0, console: 0 } }),
    ...(writer && { writer }),
  });
  const environment = describeEnvironment(startedAt);
  const git = environment['git'] as { remote: string; commit: string } | null;
  log.append({
    type: 'run',
    runId: id,
    entity: options.entity,
    project: options.project,
    config: Object.entries(options.config).map(([key, value]) => ({ path: [key], json: looseText(value) ?? 'null' })),
    summary: [],
    group: options.group,
    jobType: options.jobType,
    displayName: options.name,
    notes: options.notes,
    tags: options.tags,
    sweep: options.sweep,
    host: hostname(),
    startedAt,
    remoteUrl: git?.remote ?? '',
    commit: git?.commit ?? '',
    resumed: options.resume !== null && options.resume !== 'never',
  });
  log.append({
    type: 'telemetry',
    facts: { 5: VERSION, 13: `node-${process.version}-${process.platform}-${process.arch}` },
  });
  log.append({ type: 'environment', writerId: randomId(16), facts: environment });
  claimRun(id);
  writeResumeNote(options.dir, id);
  const onEnd = (exitCode: number): void => {
    releaseRun(id);
    if (exitCode === 0) removeResumeNote(options.dir);
  };
  return new RecordedRun({ options, id, folder, log, rows: new RowWriter(log), startedAt, onEnd });
}

function chooseId(options: ResolvedOptions): string {
  if (options.id !== null) return options.id;
  return (options.resume === 'auto' ? readResumeNote(options.dir) : null) ?? randomId(8);
}

/** Letters and digits, as W&B's run ids are. */
function randomId(length: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('');
}
