import type { LooseJson } from '../../core/model/run.ts';

/** How a test makes a run: by whom and when (milliseconds since the epoch). */
export function madeBy(user: string, at: number): { user: string; at: number; displayName: string } {
  return { user, at, displayName: `run at ${at}` };
}

/** A text that a test knows to be loose JSON, or means not to be. */
export function looseJson(text: string): LooseJson {
  return text as LooseJson;
}
