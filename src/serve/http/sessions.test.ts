import { expect, test } from 'vitest';
import { createSessions } from './sessions.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

function scratch() {
  const clock = { at: 0, now: () => clock.at, monotonic: () => clock.at };
  return { clock, sessions: createSessions(clock) };
}

test('a token is good once', () => {
  const { sessions } = scratch();
  const token = sessions.issueToken('ann');
  expect(sessions.redeem(token)).toBe('ann');
  expect(sessions.redeem(token)).toBeNull();
});

test('a token is good for ten minutes', () => {
  const { clock, sessions } = scratch();
  const [one, other] = [sessions.issueToken('ann'), sessions.issueToken('ann')];
  clock.at += 10 * MINUTE_MS - 1;
  expect(sessions.redeem(one)).toBe('ann');
  clock.at += 1;
  expect(sessions.redeem(other)).toBeNull();
});

test('whoever asks for tokens without end pushes out the oldest, not the memory', () => {
  const { sessions } = scratch();
  const first = sessions.issueToken('ann');
  for (let i = 0; i < 1_000; i++) sessions.issueToken('ann');
  expect(sessions.redeem(first)).toBeNull();
});

test('a session lasts while it is used, and ends after a week without', () => {
  const { clock, sessions } = scratch();
  const secret = sessions.start('ann');
  for (let day = 0; day < 30; day++) {
    clock.at += DAY_MS;
    expect(sessions.find(secret)).toBe('ann');
  }
  clock.at += 7 * DAY_MS + 1;
  expect(sessions.find(secret)).toBeNull();
});

test('a session that was ended is gone; a guessed one never was', () => {
  const { sessions } = scratch();
  const secret = sessions.start('ann');
  sessions.end(secret);
  expect(sessions.find(secret)).toBeNull();
  expect(sessions.find('')).toBeNull();
});

test("the 51st session of a user ends that user's oldest, and nobody else's", () => {
  const { clock, sessions } = scratch();
  const bob = sessions.start('bob');
  const own = Array.from({ length: 51 }, () => {
    clock.at += 1;
    return sessions.start('ann');
  });
  expect(own.map((secret) => sessions.find(secret))).toEqual([null, ...Array.from({ length: 50 }, () => 'ann')]);
  expect(sessions.find(bob)).toBe('bob');
});
