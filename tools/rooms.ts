/**
 * The import law: every room and the rooms it may import. A room that is not listed may import nothing.
 * `npm run rooms` enforces it; ARCHITECTURE.md explains it.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'core/base': [],
  'core/model': ['core/base'],
  'core/query': ['core/base', 'core/model'],
  machine: ['core/base', 'core/model'],
  'track/wire': ['core/base', 'core/model'],
  'track/uplink': ['core/base', 'core/model', 'track/wire', 'machine'],
  'track/tracker': ['core/base', 'core/model', 'machine', 'track/uplink'],
  'serve/store': ['core/base', 'core/model', 'core/query', 'track/wire'],
  'serve/blobs': ['core/base', 'core/model'],
  'serve/hub': ['core/base', 'core/model', 'core/query', 'track/wire', 'serve/store', 'serve/blobs'],
  'serve/api': ['core/base', 'core/model', 'core/query'],
  'serve/http': ['core/base', 'core/model', 'core/query', 'track/wire', 'serve/api', 'serve/hub'],
  'serve/server': [
    'core/base',
    'core/model',
    'core/query',
    'machine',
    'track/wire',
    'serve/store',
    'serve/blobs',
    'serve/hub',
    'serve/api',
    'serve/http',
  ],
  cli: [
    'core/base',
    'core/model',
    'core/query',
    'serve/api',
    'track/uplink',
    'track/tracker',
    'machine',
    'serve/server',
  ],
  dashboard: ['core/base', 'core/model', 'core/query', 'serve/api'],
};

/** Folders that only the composition root may import from outside their own room. */
export const ONLY_SERVER = ['serve/store/sqlite', 'serve/blobs/local'] as const;
