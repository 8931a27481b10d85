import type { RunPath } from '../../../core/model/run.ts';

/**
 * Opaque ids of W&B's GraphQL: base64 of `Kind:v1:…` with the parts of a name, last part first. None of entity, project and
 * run id may hold a colon, so the text is taken apart without doubt; a file's name stands last and may hold anything.
 */
export function runStorageId(path: RunPath): string {
  return encode(`Run:v1:${path.id}:${path.project}:${path.entity}`);
}

/** The run that the id names, or null when it is no id of a run. Whether there is such a run is not known by it. */
export function parseRunStorageId(id: string): RunPath | null {
  const [kind, version, run, project, entity, ...rest] = decode(id).split(':');
  if (kind !== 'Run' || version !== 'v1' || !run || !project || !entity || rest.length > 0) return null;
  return { entity, project, id: run };
}

export function projectStorageId(entity: string, project: string): string {
  return encode(`Project:v1:${project}:${entity}`);
}

/** W&B's second id of a project, made of its number. */
export function projectInternalId(key: number): string {
  return encode(`ProjectInternalId:${key}`);
}

export function fileStorageId(path: RunPath, name: string): string {
  return encode(`File:v1:${path.id}:${path.project}:${path.entity}:${name}`);
}

export function parseFileStorageId(id: string): { path: RunPath; name: string } | null {
  const [kind, version, run, project, entity, ...name] = decode(id).split(':');
  if (kind !== 'File' || version !== 'v1' || !run || !project || !entity || name.length === 0) return null;
  return { path: { entity, project, id: run }, name: name.join(':') };
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64');
}

function decode(id: string): string {
  return Buffer.from(id, 'base64').toString();
}
