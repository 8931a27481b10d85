import type { LooseJson } from '../../../core/model/run.ts';
import { replaceBareWords } from '../outside-strings.ts';

/**
 * The same JSON with `NaN`, `Infinity` and `-Infinity` as strings, which is how W&B writes them where JSON must be strict
 * (clients decode whole GraphQL answers strictly, and only strings inside them loosely). Everything else stays as it is,
 * digit for digit.
 */
export function strictJson(json: LooseJson): string {
  return replaceBareWords(json, (word) => `"${word}"`);
}
