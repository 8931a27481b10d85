import type { DatabaseSync } from 'node:sqlite';
import { type Cell, attributeCell, configCell, summaryCell } from '../../../../core/query/filter-cell.ts';
import { type LooseObject, parseLooseObject } from '../../../../core/query/loose-json.ts';
import type { RunField } from '../../../../core/query/run-field.ts';
import { statement } from '../statements.ts';
import { attributesOfRecord, type RunRecord } from './run-row.ts';

/** Which runs: all of a project, or these. */
export type RunSelection = { readonly project: number } | { readonly keys: readonly number[] };

type CellRecord = RunRecord & { config?: string; notes?: string | null; summary?: string };

/**
 * Reads these fields of these runs; `take` gets the run's record and its cells, in the order of the fields. Long texts
 * are read only where a field needs them.
 */
export function readCells(
  db: DatabaseSync,
  selection: RunSelection,
  fields: readonly RunField[],
  take: (record: RunRecord, cells: readonly Cell[]) => void,
): void {
  const needsSummary = fields.some((field) => field.of === 'summary' || (field.of === 'run' && field.name === 'steps'));
  const needsText = fields.some((field) => field.of === 'config' || (field.of === 'run' && field.name === 'notes'));
  const sql = `
    select r.*${needsText ? ', t.config, t.notes' : ''}${needsSummary ? ', s.summary' : ''} from run r
    ${needsText ? 'join run_text t on t.run = r.key' : ''}
    ${needsSummary ? 'join run_summary s on s.run = r.key' : ''}
    where ${'project' in selection ? 'r.project = ?' : 'r.key in (select value from json_each(?))'}`;
  const which = 'project' in selection ? selection.project : JSON.stringify(selection.keys);
  for (const row of statement(db, sql).iterate(which)) {
    const record = row as unknown as CellRecord;
    take(record, cellsOf(record, fields));
  }
}

function cellsOf(record: CellRecord, fields: readonly RunField[]): Cell[] {
  const config = once(() => readableObject(record.config));
  const summary = once(() => readableObject(record.summary));
  const attributes = once(() => attributesOfRecord(record, record.notes ?? null));
  return fields.map((field) => {
    if (field.of === 'config') return configCell(config(), field.path);
    if (field.of === 'summary') return summaryCell(summary(), field.path);
    return attributeCell(attributes(), field.name, summary);
  });
}

/** A text that is damaged holds nothing, so that one run cannot hide all others; `checkCatalog` tells of it. */
export function readableObject(text: string | undefined): LooseObject {
  try {
    return text === undefined ? {} : parseLooseObject(text);
  } catch {
    return {};
  }
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
