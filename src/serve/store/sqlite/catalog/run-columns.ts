import type { ProjectKey } from '../../../../core/model/run.ts';
import { isLooseObject, type LooseValue, parseLooseObject } from '../../../../core/query/loose-json.ts';
import type { RunColumn } from '../../runs.ts';
import type { ReadContext } from '../operations.ts';
import { statement } from '../statements.ts';

/** Columns that are looked for inside a nested value lie at most this deep: `config.opt.lr` is 2. */
const DEPTH_MAX = 4;
/** A picker with more is of no use, and a project whose runs each have keys of their own stays bounded. */
const COLUMNS_MAX = 20_000;

type ColumnType = RunColumn['type'];

export const runColumnReads = {
  /** The columns of all runs of the project, the commonest first. */
  listRunColumns({ db }: ReadContext, project: ProjectKey): readonly RunColumn[] {
    const found = { config: new Map<string, Tally>(), summary: new Map<string, Tally>() };
    const sql = `select t.config, s.summary from run r join run_text t on t.run = r.key join run_summary s on s.run = r.key
      where r.project = ?`;
    for (const { config, summary } of statement(db, sql).iterate(project)) {
      const wrapped = Object.entries(parseLooseObject(config as string));
      tally(
        found.config,
        '',
        wrapped.map(([key, value]) => [key, unwrapped(value)]),
        1,
      );
      tally(found.summary, '', Object.entries(parseLooseObject(summary as string)), 1);
    }
    const columns = (['config', 'summary'] as const).flatMap((of) =>
      [...found[of]].map(([path, { runs, type }]) => ({ field: { of, path }, runs, type })),
    );
    return columns.sort((a, b) => b.runs - a.runs);
  },
};

interface Tally {
  runs: number;
  type: ColumnType;
}

function tally(
  found: Map<string, Tally>,
  prefix: string,
  members: readonly (readonly [string, LooseValue | undefined])[],
  depth: number,
): void {
  for (const [key, value] of members) {
    if (value === undefined || value === null || (prefix === '' && key === '_wandb')) continue;
    if (isLooseObject(value) && depth < DEPTH_MAX && !('_type' in value)) {
      tally(found, `${prefix}${key}.`, Object.entries(value), depth + 1);
      continue;
    }
    count(found, prefix + key, typeOf(value));
  }
}

function count(found: Map<string, Tally>, path: string, type: ColumnType): void {
  const known = found.get(path);
  if (known !== undefined) {
    known.runs++;
    if (known.type !== type) known.type = 'mixed';
  } else if (found.size < COLUMNS_MAX) found.set(path, { runs: 1, type });
}

function unwrapped(value: LooseValue): LooseValue | undefined {
  return isLooseObject(value) && Object.hasOwn(value, 'value') ? value['value'] : undefined;
}

function typeOf(value: LooseValue): ColumnType {
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'string' ? 'string' : 'mixed';
}
