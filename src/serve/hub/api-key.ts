import { createHash } from 'node:crypto';
import { Refusal } from '../../core/model/refusal.ts';

/** Marks keys that administration gave, so that the next one it gives takes their place. */
const GIVEN = 'given by administration';

/** Keys are kept, compared and looked up by their SHA-256 alone: they are long and random, so they need no salt. */
export function hashApiKey(apiKey: string): string {
  return createHash('sha256').update(apiKey).digest('hex');
}

/** What the store keeps of a key that administration gave. */
export function givenKey(
  username: string,
  apiKey: string,
): { username: string; hash: string; prefix: string; description: string } {
  return { username, hash: hashApiKey(apiKey), prefix: apiKey.slice(0, 8), description: GIVEN };
}

/** Refuses (`bad_request`) a key that no client would send, by W&B's own rule, which its client checks before any request. */
export function checkApiKey(apiKey: string): void {
  const secret = apiKey.slice(apiKey.indexOf('-') + 1);
  if (/^[A-Za-z0-9_-]{40,}$/.test(secret) && apiKey.length <= 500) return;
  throw new Refusal(
    'bad_request',
    'This API key is not one that clients accept: its part after the first "-" (all of it without one) needs 40 or more of A-Z a-z 0-9 _ and -.',
  );
}
