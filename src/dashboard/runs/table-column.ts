import type { ColumnInfo } from '../data/queries.ts';

/** A column of the runs table. `field` is how filters and orders name it. */
export interface TableColumn {
  readonly field: string;
  /** Grey before the title: where the value comes from. */
  readonly prefix: string;
  readonly title: string;
  readonly width: number;
  readonly numeric: boolean;
  /** Index among the values that the server sends; −1 for what every row has. */
  readonly value: number;
}

const NUMBER_WIDTH = 88;
const TEXT_WIDTH = 120;

/** Columns that every run has. */
const OWN: readonly Omit<TableColumn, 'value' | 'prefix'>[] = [
  { field: 'createdAt', title: 'created', width: 76, numeric: true },
  { field: 'duration', title: 'duration', width: 92, numeric: true },
  { field: 'state', title: 'state', width: 150, numeric: false },
  { field: 'tags', title: 'tags', width: 150, numeric: false },
  { field: 'group', title: 'group', width: TEXT_WIDTH, numeric: false },
  { field: 'jobType', title: 'job type', width: 90, numeric: false },
  { field: 'user', title: 'user', width: 90, numeric: false },
  { field: 'id', title: 'id', width: 90, numeric: false },
];
export const OWN_FIELDS: readonly string[] = OWN.map(({ field }) => field);

/** What people look at first, where the summary holds it. */
const OUTCOME = /loss|acc|reward|return|score|error|perplexity|residual|f1|auc|bleu|mse/i;
const CHOSEN_SUMMARY = 4;
const CHOSEN_CONFIG = 3;

/** Columns shown until somebody chooses: what most runs hold, numbers of the summary before settings. */
export function chosenByContent(infos: readonly ColumnInfo[]): readonly string[] {
  const most = (of: string, count: number, types: readonly string[]) =>
    pickable(infos)
      .filter(({ column, type }) => column.startsWith(of) && types.includes(type) && !/^\w+\.[_.]/.test(column))
      .toSorted(
        (a, b) =>
          Number(OUTCOME.test(b.column)) - Number(OUTCOME.test(a.column)) ||
          b.runs - a.runs ||
          a.column.length - b.column.length,
      )
      .slice(0, count)
      .map(({ column }) => column);
  return [
    'duration',
    ...most('summary.', CHOSEN_SUMMARY, ['number']),
    ...most('config.', CHOSEN_CONFIG, ['number', 'string']),
    'createdAt',
    'tags',
  ];
}

/** The fields as columns, those of config and summary numbered as they are asked for. */
export function tableColumns(fields: readonly string[], infos: readonly ColumnInfo[]): readonly TableColumn[] {
  const types = new Map(infos.map(({ column, type }) => [column, type]));
  let asked = 0;
  return fields.map((field) => {
    const own = OWN.find((column) => column.field === field);
    if (own !== undefined) return { ...own, prefix: '', value: -1 };
    const dot = field.indexOf('.');
    const numeric = types.get(field) === 'number';
    const title = field.slice(dot + 1);
    const wanted = Math.max(numeric ? NUMBER_WIDTH : TEXT_WIDTH, Math.min(180, title.length * 7 + 28));
    return {
      field,
      prefix: field.startsWith('config.') ? 'config.' : '',
      title,
      width: wanted,
      numeric,
      value: asked++,
    };
  });
}

/** What the server is asked for: only config and summary. */
export function askedFields(columns: readonly TableColumn[]): string {
  return columns
    .filter(({ value }) => value >= 0)
    .map(({ field }) => field)
    .join(',');
}

/** Fields that may be columns: a list of columns is joined by commas, so a key with a comma cannot be one. */
export function pickable(infos: readonly ColumnInfo[]): readonly ColumnInfo[] {
  return infos.filter(({ column }) => !column.includes(','));
}

/** The order after a click on a column's head: up, down, none; numbers start with the largest. */
export function nextOrder(order: string, { field, numeric }: TableColumn): string {
  const [first, second] = numeric ? [`-${field}`, field] : [field, `-${field}`];
  return order === first ? second : order === second ? '' : first;
}
