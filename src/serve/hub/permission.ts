import { Refusal } from '../../core/model/refusal.ts';
import type { Run, RunKey } from '../../core/model/run.ts';
import type { Principal } from './hub.ts';

/**
 * Who may do what. All rules are here: an administrator may do everything; whoever belongs to an entity may see and change
 * what it owns; only who made a thing, or owns the personal entity it lies in, may delete it for good.
 */

/** What one may not see is treated as if it were not there. */
export function maySee(who: Principal, entity: string): boolean {
  return who.user.admin || who.user.entities.includes(entity);
}

/** Refuses with `not_found` unless `who` may create and change things under `entity`. */
export function demandMember(who: Principal, entity: string): void {
  if (maySee(who, entity)) return;
  throw new Refusal(
    'not_found',
    `There is no entity ${JSON.stringify(entity)} that ${who.user.username} may use; name one of: ${who.user.entities.join(', ')}.`,
  );
}

/** The key of a run that a caller holds; refuses with `not_found` should it be another user's. */
export function seenRun(who: Principal, run: Run): RunKey {
  demandMember(who, run.entity);
  return run.key;
}

/** Refuses with `forbidden` unless `who` may delete this. Visibility has been checked before. */
export function demandOwner(who: Principal, thing: { what: string; entity: string; user: string }): void {
  const { admin, username } = who.user;
  if (admin || username === thing.user || username === thing.entity) return;
  throw new Refusal(
    'forbidden',
    `${thing.what} was made by ${thing.user}: only ${thing.user} or an administrator may delete it.`,
  );
}
