import { Refusal } from '../../core/model/refusal.ts';

/** The refusal of a file-stream body that breaks a rule. `at` is the offset of the byte where it shows. */
export function malformed(what: string, at: number): Refusal {
  return new Refusal('bad_request', `file-stream body: ${what} (at byte ${at}); nothing of the body was kept`);
}
