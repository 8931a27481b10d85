import type { Readable } from 'node:stream';
import type { ApiKey, Entity, User } from '../../core/model/account.ts';
import type { Project } from '../../core/model/project.ts';
import type { RunFile } from '../../core/model/run-file.ts';
import type { RunState } from '../../core/model/run-state.ts';
import type { Run, RunPatch, RunPath } from '../../core/model/run.ts';
import type { KeySummary, StreamExtent, StreamKind } from '../../core/model/stream.ts';
import type { Filter } from '../../core/query/filter.ts';
import type { RunField, RunOrder } from '../../core/query/run-field.ts';
import type { Axis, SeriesColumns } from '../../core/query/series.ts';
import type { ProjectWithCounts } from '../store/projects.ts';
import type { RunColumn, RunRow } from '../store/runs.ts';
import type { StoreSize } from '../store/store.ts';
import type { ConsolePage, ConsoleQuery, RowPage, RowQuery } from '../store/streams.ts';

/**
 * What the server does, once, for every dialect. Each call names who asks; what that user may not see is `not_found`, what
 * they may see but not change is `forbidden`. Refusals are thrown as `Refusal`.
 */
export interface Hub extends AsyncDisposable {
  readonly accounts: HubAccounts;
  readonly projects: HubProjects;
  readonly runs: HubRuns;
  readonly streams: HubStreams;
  readonly files: HubFiles;
  readonly notices: HubNotices;
  /** Resolves when store and blobs answer; what `/ready` asks. Rejects with `unavailable` otherwise. */
  ping(): Promise<void>;
  /** Counters since the start and what is under way, for `/metrics`. Costs nothing. */
  figures(): HubFigures;
  /** What the store takes on disk, by part, in bytes. Measuring reads much of it, so an answer may be ten minutes old. */
  size(): Promise<StoreSize>;
}

export interface HubFigures {
  /** File-stream bodies that became durable since the start, and their bytes. */
  readonly ingestedBodies: number;
  readonly ingestedBytes: number;
  /** Bytes of bodies that are in memory now, and of those that wait for room. */
  readonly inFlightBytes: number;
  readonly waitingBytes: number;
  /** Live subscriptions to notices. */
  readonly subscribers: number;
}

/** Who asks. Made by `authenticate` or by a session, never from request data. */
export interface Principal {
  readonly user: User;
}

export interface HubAccounts {
  /** The holder of this API key, or null. Keys are compared by hash. */
  authenticate(apiKey: string): Promise<Principal | null>;
  principal(username: string): Promise<Principal | null>;
  /** An entity the user may see, or null. */
  entity(who: Principal, name: string): Promise<Entity | null>;
  keys(who: Principal): Promise<readonly ApiKey[]>;
  /** Administration: the caller has shown the administrator's token. `apiKey`: its part after the first `-` needs 40 or more of `[A-Za-z0-9_-]`. */
  putUser(user: { username: string; apiKey: string | null; admin: boolean; email?: string | null }): Promise<User>;
  deleteUser(username: string): Promise<boolean>;
  putTeam(team: { name: string; organization: string | null; members: readonly string[] }): Promise<Entity>;
  deleteTeam(name: string): Promise<boolean>;
  putOrganization(organization: { name: string; owner: string }): Promise<void>;
  putOrganizationMembers(
    name: string,
    members: readonly { username: string; role: 'admin' | 'member' | 'viewer' }[],
  ): Promise<void>;
  deleteOrganization(name: string): Promise<boolean>;
}

export interface HubProjects {
  /** Of one entity, or of all that the user belongs to; most recently active first. */
  list(who: Principal, entity?: string): Promise<readonly ProjectWithCounts[]>;
  /** Null when it is missing or not for this user's eyes. */
  find(who: Principal, entity: string | null, name: string): Promise<Project | null>;
  delete(who: Principal, entity: string, name: string): Promise<boolean>;
}

/** A run as readers get it: what the store holds, and what follows from it. */
export interface StartedRun {
  readonly run: Run;
  readonly inserted: boolean;
  /** Where each stream of this writer goes on. */
  readonly extent: Readonly<Record<StreamKind, StreamExtent>>;
}

export interface RunPage {
  readonly entity: string | null;
  readonly project: string;
  readonly filter: Filter | null;
  readonly order: readonly RunOrder[];
  readonly offset: number;
  readonly limit: number;
}

export interface HubRuns {
  /**
   * Creates the run or starts it again: state `running` (or `state` for one made beforehand), the patch applied. The
   * entity defaults to the user's own, the project to `uncategorized` and is made on the fly. A display name is invented
   * when none is given ("swift-heron-12").
   */
  start(
    who: Principal,
    at: { entity: string | null; project: string | null; id: string },
    patch: RunPatch,
    state?: RunState,
  ): Promise<StartedRun>;
  /** Changes fields without touching the state. */
  edit(who: Principal, path: RunPath, patch: RunPatch): Promise<Run>;
  find(who: Principal, path: { entity: string | null; project: string; id: string }): Promise<Run | null>;
  findMany(who: Principal, entity: string | null, project: string, ids: readonly string[]): Promise<readonly Run[]>;
  /** Null when the project is missing. */
  list(who: Principal, page: RunPage): Promise<{ total: number; runs: readonly Run[] } | null>;
  table(
    who: Principal,
    page: RunPage,
    columns: readonly RunField[],
  ): Promise<{ total: number; rows: readonly RunRow[] } | null>;
  count(who: Principal, entity: string | null, project: string, filter: Filter | null): Promise<number>;
  columns(who: Principal, entity: string | null, project: string): Promise<readonly RunColumn[]>;
  /** Asks the program to stop; the client hears of it with its next file-stream reply. Idempotent. */
  stop(who: Principal, path: RunPath): Promise<Run>;
  /** W&B's `updateRunState`: pending ← running, failed, crashed, preempted; failed ← pending, running; else `bad_request`. */
  setState(who: Principal, path: RunPath, state: RunState): Promise<Run>;
  /** Cuts the history behind `step` and starts the run again. */
  rewind(who: Principal, path: RunPath, step: number): Promise<{ run: Run; historyLines: number }>;
  /** Streams, files and their bytes go with it. */
  delete(who: Principal, path: RunPath): Promise<boolean>;
}

export interface FileStreamReply {
  /** Somebody asked that the run stop. */
  readonly stopped: boolean;
}

/** A body that is still on the network, so that it is read only when there is room for it in memory. */
export interface UnreadBody {
  /** How much memory it may take, in bytes: its length, or the bound on it when that is not known. */
  readonly sizeBytes: number;
  /** Called once, when it is this body's turn. What it throws is passed on. */
  read(): Promise<Uint8Array>;
}

export interface HubStreams {
  /**
   * One file-stream body of one writer (empty string for the only one). The buffer is transferred. Resolves when it is
   * durable. Acts on `complete`, `exitcode`, `preempting` and `uploaded`; a heartbeat or data revives a run that was
   * crashed, rows beyond the known end revive any. At most 64 MiB of bodies are in memory, others wait in order.
   */
  ingest(who: Principal, path: RunPath, writer: string, body: Uint8Array | UnreadBody): Promise<FileStreamReply>;
  extent(who: Principal, run: Run): Promise<Readonly<Record<StreamKind, StreamExtent>>>;
  keys(who: Principal, run: Run, stream: 'history' | 'system'): Promise<readonly KeySummary[]>;
  rows(who: Principal, run: Run, query: Omit<RowQuery, 'run'>): Promise<RowPage>;
  /** Series of several runs of one project; null for a run or key that is not there. */
  series(
    who: Principal,
    entity: string | null,
    project: string,
    query: {
      series: readonly { run: string; stream: 'history' | 'system'; key: string }[];
      x: Axis;
      from?: number;
      to?: number;
      buckets: number;
    },
  ): Promise<readonly (SeriesColumns | null)[]>;
  console(who: Principal, run: Run, query: Omit<ConsoleQuery, 'run'>): Promise<ConsolePage>;
}

export interface HubFiles {
  /** Takes the bytes of a run's file. The name is checked (no empty, `.` or `..` segment, no control character, at most 1,024 bytes). */
  receive(
    path: RunPath,
    name: string,
    bytes: Readable,
    mimetype: string | null,
    /** `maxBytes` defaults to 5 GiB; `md5` in lower-case hex, checked when given. */
    limits?: { maxBytes?: number; md5?: string },
  ): Promise<RunFile>;
  list(
    who: Principal,
    run: Run,
    page: { like?: string; names?: readonly string[]; after?: string; limit: number },
  ): Promise<readonly RunFile[]>;
  count(who: Principal, run: Run): Promise<number>;
  /** For an address that has been signed: no principal. */
  read(
    path: RunPath,
    name: string,
    range?: { start: number; end: number },
  ): Promise<{ file: RunFile; bytes: Readable } | null>;
  delete(who: Principal, run: Run, names: readonly string[]): Promise<number>;
}

/** Something of a run changed. Notices say what, never the data; missed ones merge. */
export interface Notice {
  readonly entity: string;
  readonly project: string;
  readonly run: string;
  readonly rev: number;
  /** `run`: fields, state or summary; streams: new rows; `gone`: it was deleted. */
  readonly changed: readonly ('run' | StreamKind | 'files' | 'gone')[];
}

export interface HubNotices {
  /** Calls `hear` for changes of runs of this project (of all visible projects when null), at most every 250 ms per run, merged. */
  subscribe(
    who: Principal,
    of: { entity: string; project: string } | null,
    hear: (notices: readonly Notice[]) => void,
  ): Disposable;
}
