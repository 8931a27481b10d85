import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { must } from '../core/base/assert.ts';
import { identifyProcess, isProcessAlive } from './process-identity.ts';

it('knows a process from another one with the same pid', async () => {
  const self = must(identifyProcess());
  expect(self.pid).toBe(process.pid);
  expect(isProcessAlive(self)).toBe(true);
  expect(isProcessAlive({ ...self, startTime: `${self.startTime}0` })).toBe(false);
  expect(isProcessAlive({ ...self, bootId: 'another boot' })).toBe(false);
  expect(isProcessAlive({ ...self, host: 'another.host' })).toBeNull();

  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const identity = must(identifyProcess(must(child.pid)));
  expect(isProcessAlive(identity)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isProcessAlive(identity)).toBe(false);
});
