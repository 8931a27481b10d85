import { historySections, type Section } from '../charts/section.ts';
import type { ColumnInfo } from '../data/queries.ts';

/** Panels of a project: every number of its runs' summaries is the last value of a metric. */
export function metricSections(infos: readonly ColumnInfo[]): readonly Section[] {
  const keys = infos
    .filter(({ column, type }) => column.startsWith('summary.') && (type === 'number' || type === 'mixed'))
    .map(({ column }) => column.slice('summary.'.length))
    .filter((key) => !key.startsWith('_'));
  return historySections(keys);
}
