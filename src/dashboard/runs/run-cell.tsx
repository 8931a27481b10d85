import type { RunRow } from '../data/queries.ts';
import { Age, endOf, RunTime } from '../parts/age.tsx';
import { Tags } from '../parts/tags.tsx';
import { columnText, valueText } from '../words/number.ts';
import type { TableColumn } from './table-column.ts';

/** One value of a run in the table. */
export function RunCell(props: { run: RunRow; column: TableColumn; onTag: (tag: string) => void }) {
  const { run, column } = props;
  if (column.value >= 0) return <>{cellText(run.values[column.value], column.field.startsWith('summary.'))}</>;
  switch (column.field) {
    case 'createdAt':
      return <Age at={run.createdAt} />;
    case 'duration':
      return <RunTime createdAt={run.createdAt} endedAt={endOf(run)} everyMs={5_000} />;
    case 'tags':
      return <Tags tags={run.tags} onPick={props.onTag} />;
    case 'state':
      return <>{run.stateReason ?? run.state}</>;
    case 'group':
      return <>{run.group}</>;
    case 'jobType':
      return <>{run.jobType}</>;
    case 'user':
      return <>{run.user}</>;
    default:
      return <code>{run.id}</code>;
  }
}

/** Measured values stand under each other; settings are shown as they were set. */
function cellText(value: RunRow['values'][number] | undefined, measured: boolean): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return measured ? columnText(value) : valueText(value);
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return valueText(value);
  return String(value);
}
