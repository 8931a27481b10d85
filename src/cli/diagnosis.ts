import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Refusal } from '../core/model/refusal.ts';
import { credentialsFile, readLocalKey } from '../machine/credentials.ts';
import type { ServerOptions } from '../serve/server/server-options.ts';
import { readServerNote } from '../serve/server/server-note.ts';
import { findServer } from './known-server.ts';
import { callServer } from './server-call.ts';

/** One thing that was looked at. */
export interface Diagnosis {
  readonly severity: 'ok' | 'warning' | 'error';
  /** What was looked at, in a word or two. */
  readonly about: string;
  /** What was found; for a trouble also what it means and what to do. */
  readonly message: string;
}

export interface DiagnosisRequest {
  readonly server?: string | undefined;
  readonly data?: string | undefined;
  readonly options: ServerOptions;
  /** Leave out the check of the store, which reads all of it. */
  readonly isQuick: boolean;
}

/** Looks at one thing after the other and tells of each. Changes nothing. */
export async function* diagnose(request: DiagnosisRequest): AsyncGenerator<Diagnosis> {
  yield node();
  yield* folder(request.options);
  yield* environment();
  yield* server(request);
  if (!request.isQuick) yield* store(request.options);
}

function node(): Diagnosis {
  const isEnough = Number.parseInt(process.versions.node, 10) >= 24;
  return {
    severity: isEnough ? 'ok' : 'error',
    about: 'Node',
    message: isEnough
      ? process.versions.node
      : `${process.versions.node} is too old for the server: use Node 24 or later`,
  };
}

const NETWORK_FILE_SYSTEMS = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x0bd00bd0, 'Lustre'],
]);
const GIB = 2 ** 30;

async function* folder({ data, home }: ServerOptions): AsyncGenerator<Diagnosis> {
  const about = 'Data folder';
  const there = nearestExisting(data);
  try {
    accessSync(there, constants.W_OK);
  } catch {
    yield { severity: 'error', about, message: `${there} cannot be written by this user: give --data another folder` };
    return;
  }
  const { type, bavail, bsize } = await statfs(there);
  const free = bavail * bsize;
  const network = NETWORK_FILE_SYSTEMS.get(type);
  if (network) {
    yield {
      severity: 'warning',
      about,
      message: `${data} lies on ${network}, where SQLite is neither safe nor fast: give --data a folder on a disk of this machine`,
    };
  }
  yield {
    severity: free < GIB / 8 ? 'error' : free < GIB ? 'warning' : 'ok',
    about,
    message: `${data}, ${(free / GIB).toFixed(1)} GiB free${free < GIB ? ': a full disk makes clients wait; free some' : ''}`,
  };
  try {
    const key = readLocalKey(home);
    if (key !== null) yield { severity: 'ok', about: 'Key', message: `in ${credentialsFile(home)}, closed to others` };
  } catch (error) {
    yield { severity: 'error', about: 'Key', message: messageOf(error) };
  }
}

function nearestExisting(path: string): string {
  return existsSync(path) && statSync(path).isDirectory() ? path : nearestExisting(dirname(path));
}

function* environment(): Generator<Diagnosis> {
  const mode = process.env['WANDB_MODE'];
  if (mode && mode !== 'online') {
    yield {
      severity: 'warning',
      about: 'Environment',
      message: `WANDB_MODE=${mode}: scripts started from here upload nothing; unset it, or \`trackside sync\` later`,
    };
  }
}

async function* server(request: DiagnosisRequest): AsyncGenerator<Diagnosis> {
  const about = 'Server';
  const { options } = request;
  const note = readServerNote(options.data);
  if (note) yield { severity: 'ok', about, message: `process ${note.pid} serves ${options.data} at ${note.url}` };
  try {
    const known = findServer(request);
    if (known.origin === 'default') {
      yield {
        severity: 'warning',
        about,
        message: 'none runs here and none is configured: `trackside serve` starts one',
      };
      return;
    }
    const { user, server } = (await callServer(known, '/api/v1/session')) as {
      user: { username: string };
      server: { version: string };
    };
    yield {
      severity: 'ok',
      about,
      message: `${known.url} (${known.origin}), version ${server.version}, knows you as ${user.username}`,
    };
    await callServer({ ...known, apiKey: null }, '/ready');
  } catch (error) {
    yield { severity: 'error', about, message: messageOf(error) };
  }
}

async function* store(options: ServerOptions): AsyncGenerator<Diagnosis> {
  const about = 'Store';
  try {
    const { checkData } = await import('../serve/server/check-data.ts');
    const findings = await checkData(options);
    if (findings === null) {
      yield { severity: 'ok', about, message: `${options.store} does not exist yet: the first server makes it` };
    } else if (findings.length === 0) {
      yield { severity: 'ok', about, message: `${options.store} keeps its own rules` };
    }
    for (const { severity, message } of findings ?? []) yield { severity, about, message };
  } catch (error) {
    yield { severity: 'error', about, message: `${options.store} cannot be checked: ${messageOf(error)}` };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Refusal || error instanceof Error ? error.message : String(error);
}
