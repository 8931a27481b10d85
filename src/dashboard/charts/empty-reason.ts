import { plural } from '../words/number.ts';

export interface Emptiness {
  readonly key: string;
  /** Runs that the panel was asked to show. */
  readonly runs: number;
  /** Of these, how many have no such series. */
  readonly lacking: number;
  /** Of these, how many hold the key, but nothing in the part that is looked at. */
  readonly outside: number;
  readonly zoomed: boolean;
  readonly axis: string;
  /** Places that a log axis cannot show. */
  readonly notPositive: number;
}

/** Why a panel shows no curve, in a sentence. */
export function emptyReason(what: Emptiness): string {
  if (what.runs === 0) return 'No run is shown. Switch one on with its eye in the table.';
  if (what.lacking === what.runs)
    return what.runs === 1
      ? `This run logged no numbers as ${what.key}.`
      : `No values of ${what.key} in ${plural(what.runs, 'run')}.`;
  if (what.notPositive > 0)
    return `${plural(what.notPositive, 'value')} of ${what.key}, none above zero: not on a log axis.`;
  if (what.zoomed) return `No values of ${what.key} in the part you zoomed to. Double-click to see all.`;
  return `${what.key} has no values together with ${what.axis} in ${plural(what.runs - what.lacking, 'run')}.`;
}
