import type { DatabaseSync } from 'node:sqlite';
import { must } from '../../../../core/base/assert.ts';
import type { ProjectKey } from '../../../../core/model/run.ts';
import { isLooseObject, type LooseObject, type LooseValue } from '../../../../core/query/loose-json.ts';
import type { RunColumn } from '../../runs.ts';
import type { ReadContext } from '../operations.ts';
import { statement } from '../statements.ts';
import { readableObject } from './run-cells.ts';
import { RunChanges } from './run-changes.ts';

/** Columns are looked for inside nested values at most this deep: `config.opt.lr` is 2. */
const DEPTH_MAX = 4;
/** A picker with more is of no use, and a project whose runs each have keys of their own stays bounded. */
const PATHS_MAX = 20_000;
/** Entries (a run has a path) that a reading thread remembers, 4 bytes each; projects not asked for longest go first. */
const ENTRIES_MAX = 4_000_000;

const TYPES = ['number', 'string', 'boolean', 'mixed'] as const;
const SECTIONS = ['config', 'summary'] as const;
type Section = (typeof SECTIONS)[number];

const remembered = new WeakMap<DatabaseSync, Map<number, ProjectColumns>>();

export const runColumnReads = {
  /** The columns of all runs of the project, the commonest first. */
  listRunColumns({ db }: ReadContext, project: ProjectKey): readonly RunColumn[] {
    const projects = remembered.get(db) ?? new Map<number, ProjectColumns>();
    remembered.set(db, projects);
    const columns = projects.get(project) ?? new ProjectColumns(project);
    projects.delete(project);
    columns.refresh(db);
    projects.set(project, columns);
    let entries = [...projects.values()].reduce((sum, other) => sum + other.entries, 0);
    for (const [key, other] of projects) {
      if (entries <= ENTRIES_MAX) break;
      entries -= other.entries;
      projects.delete(key);
    }
    return columns.list();
  },
};

/** Which paths the runs of one project have, and with values of what type; after the first time only changes are read. */
class ProjectColumns {
  readonly #project: number;
  readonly #changes: RunChanges;
  #sections = emptySections();

  constructor(project: number) {
    this.#project = project;
    this.#changes = new RunChanges(project);
  }

  get entries(): number {
    return this.#sections.config.entries + this.#sections.summary.entries;
  }

  refresh(db: DatabaseSync): void {
    const changes = this.#changes.next(db);
    if (changes === null) {
      this.#sections = emptySections();
      this.#read(db, 'config', null);
      this.#read(db, 'summary', null);
      return;
    }
    for (const section of SECTIONS) for (const run of changes.gone) this.#sections[section].delete(run);
    this.#read(db, 'config', changes.rewritten);
    this.#read(db, 'summary', changes.changed);
  }

  list(): readonly RunColumn[] {
    const columns = SECTIONS.flatMap((of) => {
      return this.#sections[of].list().map(({ path, ...counts }): RunColumn => ({ field: { of, path }, ...counts }));
    });
    return columns.sort((a, b) => b.runs - a.runs);
  }

  /** Reads one section of these runs; null: of all. */
  #read(db: DatabaseSync, section: Section, runs: readonly number[] | null): void {
    if (runs?.length === 0) return;
    const table = section === 'config' ? 'run_text' : 'run_summary';
    const which = runs === null ? '(select key from run where project = ?)' : '(select value from json_each(?))';
    const sql = `select run, ${section} as text from ${table} where run in ${which}`;
    for (const row of statement(db, sql).iterate(runs === null ? this.#project : JSON.stringify(runs))) {
      const object = readableObject(row['text'] as string);
      this.#sections[section].set(row['run'] as number, object);
    }
  }
}

function emptySections(): Record<Section, SectionPaths> {
  return { config: new SectionPaths(true), summary: new SectionPaths(false) };
}

/** The paths of one section. An entry is the number of a path times four, plus the type's place in TYPES. */
class SectionPaths {
  readonly #numbers = new Map<string, number>();
  readonly #counts: number[] = [];
  readonly #runs = new Map<number, Int32Array>();
  /** By path, the last reading that met it: one run may write `sub.x` in two ways and counts once. */
  readonly #met: number[] = [];
  #reading = 0;
  readonly #wrapped: boolean;
  entries = 0;

  /** `wrapped`: the members are W&B's `{"value":…}`. */
  constructor(wrapped: boolean) {
    this.#wrapped = wrapped;
  }

  set(run: number, object: LooseObject): void {
    this.delete(run);
    const entries: number[] = [];
    this.#reading++;
    this.#collect(entries, '', object, 1);
    for (const entry of entries) this.#counts[entry] = must(this.#counts[entry]) + 1;
    this.#runs.set(run, Int32Array.from(entries));
    this.entries += entries.length;
  }

  delete(run: number): void {
    const entries = this.#runs.get(run);
    if (entries === undefined) return;
    this.#runs.delete(run);
    for (const entry of entries) this.#counts[entry] = must(this.#counts[entry]) - 1;
    this.entries -= entries.length;
  }

  list(): { path: string; runs: number; type: RunColumn['type'] }[] {
    const columns = [];
    for (const [path, number] of this.#numbers) {
      const counts = this.#counts.slice(4 * number, 4 * number + 4);
      const runs = counts.reduce((sum, count) => sum + count, 0);
      const type = TYPES[counts.indexOf(runs)] ?? 'mixed';
      if (runs > 0) columns.push({ path, runs, type });
    }
    return columns;
  }

  #collect(entries: number[], prefix: string, object: LooseObject, depth: number): void {
    for (const key in object) {
      const value = depth === 1 && this.#wrapped ? unwrapped(object[key]) : object[key];
      if (value === undefined || value === null || (depth === 1 && key === '_wandb')) continue;
      const path = depth === 1 ? key : prefix + key;
      if (depth < DEPTH_MAX && isLooseObject(value) && !Object.hasOwn(value, '_type')) {
        this.#collect(entries, `${path}.`, value, depth + 1);
      } else {
        const number = this.#number(path);
        if (number === null || this.#met[number] === this.#reading) continue;
        this.#met[number] = this.#reading;
        entries.push(4 * number + TYPES.indexOf(typeOf(value)));
      }
    }
  }

  #number(path: string): number | null {
    let number = this.#numbers.get(path);
    if (number !== undefined) return number;
    if (this.#numbers.size >= PATHS_MAX) return null;
    number = this.#numbers.size;
    this.#numbers.set(path, number);
    this.#counts.push(0, 0, 0, 0);
    this.#met.push(0);
    return number;
  }
}

/** The value in W&B's `{"lr":{"value":…}}`. */
function unwrapped(member: LooseValue | undefined): LooseValue | undefined {
  return isLooseObject(member) && Object.hasOwn(member, 'value') ? member['value'] : undefined;
}

function typeOf(value: LooseValue): RunColumn['type'] {
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'string' ? 'string' : 'mixed';
}
