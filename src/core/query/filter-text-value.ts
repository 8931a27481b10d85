import { RUN_STATES } from '../model/run-state.ts';
import type { FilterValue } from './filter.ts';
import { TIME_ATTRIBUTES } from './filter-cell.ts';
import { FilterRefusal } from './filter-text-reader.ts';
import type { RunAttribute, RunField } from './run-field.ts';

const TEXT_ATTRIBUTES: ReadonlySet<RunAttribute> = new Set([
  'id',
  'name',
  'group',
  'jobType',
  'tags',
  'user',
  'sweep',
  'host',
  'notes',
]);
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const SPAN = /^(-?)(\d+(?:\.\d+)?)(s|m|h|d|w)$/;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };
const WORDS: Readonly<Record<string, FilterValue>> = {
  true: true,
  false: false,
  null: null,
  nan: Number.NaN,
  inf: Infinity,
  '+inf': Infinity,
  '-inf': -Infinity,
};

/** What a written value means for this field: attributes have a type of their own, other values look like what they are. */
export function readValue(
  field: RunField,
  written: string,
  { quoted, now, at }: { quoted: boolean; now: number; at: number },
): FilterValue {
  if (field.of === 'run') {
    if (TEXT_ATTRIBUTES.has(field.name)) return written;
    if (field.name === 'state') return readState(written, at);
    if (TIME_ATTRIBUTES.has(field.name)) return readTime(written, now, at);
    if (field.name === 'duration') return readSpan(written, at);
  }
  if (quoted) return written;
  const word = written.toLowerCase();
  if (Object.hasOwn(WORDS, word)) return WORDS[word] as FilterValue;
  return NUMBER.test(written) ? Number(written) : written;
}

function readState(written: string, at: number): FilterValue {
  const state = RUN_STATES.find((known) => known === written.toLowerCase());
  if (state !== undefined) return state;
  throw new FilterRefusal(`there is no state ${written}; states are ${RUN_STATES.join(', ')}`, at);
}

/** Milliseconds since the epoch, an ISO date or time (UTC unless it says otherwise), or how long ago: `-7d`. */
function readTime(written: string, now: number, at: number): number {
  if (/^\d{9,}$/.test(written)) return Number(written);
  const span = SPAN.exec(written);
  if (span !== null && span[1] === '-') return now - Number(span[2]) * (SECONDS[span[3] as string] as number) * 1_000;
  const time = /^\d{4}-\d{2}/.test(written) ? Date.parse(written) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new FilterRefusal(`${written} is no time; write 2026-11-22, 2026-11-22T08:30:00Z or, for 7 days ago, -7d`, at);
}

/** Seconds, or with a unit: `90s`, `30m`, `2h`, `7d`. */
function readSpan(written: string, at: number): number {
  if (NUMBER.test(written)) return Number(written);
  const span = SPAN.exec(written);
  if (span !== null && span[1] === '') return Number(span[2]) * (SECONDS[span[3] as string] as number);
  throw new FilterRefusal(`${written} is no duration; write seconds or 90s, 30m, 2h, 7d`, at);
}
