import { cruise, type ICruiseResult, type IDependency } from 'dependency-cruiser';
import { readdirSync } from 'node:fs';
import { ONLY_SERVER, ROOMS } from './rooms.ts';

/** One import that the law forbids, or a file that the check could not see. */
export interface Breach {
  readonly file: string;
  readonly message: string;
}

/** Rooms that also run in a browser: they may not name a module of Node. */
const PURE = ['core/base', 'core/model', 'core/query', 'serve/api', 'dashboard'];

/** The room a path under `src/` lies in; undefined for a file in no room. */
export function roomOf(path: string): string | undefined {
  return Object.keys(ROOMS)
    .filter((room) => path.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/**
 * Reads every import under `src` (a folder laid out like ours) and returns what breaks the law. Tests may import more:
 * only their cycles count. A check that saw nothing must fail, so every source file that was not seen is a breach too.
 */
export async function breaches(src: string): Promise<{ seen: number; breaches: readonly Breach[] }> {
  const result = await cruise(['.'], {
    validate: true,
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    baseDir: src,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types'],
    },
    ruleSet: {
      forbidden: [
        {
          name: 'cycle',
          severity: 'error',
          from: {},
          to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
        },
      ],
    },
  });
  const { modules } = result.output as ICruiseResult;
  const found: Breach[] = [];
  const seen = new Set<string>();
  for (const module of modules) {
    const file = module.source;
    if (file.startsWith('..') || module.coreModule || module.couldNotResolve || module.source.includes('node_modules'))
      continue;
    seen.add(file);
    for (const dependency of module.dependencies) {
      const message = forbidden(file, dependency);
      if (message !== undefined) found.push({ file, message });
    }
  }
  for (const file of sources(src)) {
    if (!seen.has(file)) found.push({ file, message: 'was not seen by the check' });
    if (roomOf(file) === undefined) found.push({ file, message: 'lies in no room; add the room to tools/rooms.ts' });
  }
  return { seen: seen.size, breaches: found };
}

function forbidden(file: string, dependency: IDependency): string | undefined {
  const { resolved: target, coreModule: isNode } = dependency;
  const room = roomOf(file);
  const test = /(^|\/)test-[\w-]+\.tsx?$|\.(test|contract|double)\.tsx?$/.test(file);
  if (room === undefined || test) return undefined;
  if (isNode) {
    const free = dependency.typeOnly === true || !PURE.includes(room);
    return free ? undefined : `imports ${target}: ${room} must run in a browser`;
  }
  // Types may go in circles: nothing of them is there when the program runs.
  if (dependency.rules?.some((rule) => rule.name === 'cycle')) return `imports ${target} in a circle`;
  const other = roomOf(target);
  if (other === undefined || other === room) return undefined;
  if (!(ROOMS[room] ?? []).includes(other))
    return `imports ${target}: ${room} may not import ${other} (tools/rooms.ts)`;
  const kind = ONLY_SERVER.find((folder) => target.startsWith(`${folder}/`));
  if (kind !== undefined && room !== 'serve/server')
    return `imports ${target}: only serve/server names a kind of store`;
  return undefined;
}

function sources(src: string): readonly string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts') && !file.includes('node_modules'),
  );
}
