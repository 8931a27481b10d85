import { expect, test } from 'vitest';
import { isMainProcess } from './rank.ts';

test.each([
  [{}, true],
  [{ RANK: '0' }, true],
  [{ RANK: '3' }, false],
  [{ SLURM_PROCID: '1' }, false],
  [{ OMPI_COMM_WORLD_RANK: '2' }, false],
  [{ PMI_RANK: '1' }, false],
  [{ RANK: '0', SLURM_PROCID: '5' }, true],
  [{ RANK: '', SLURM_PROCID: '5' }, false],
  [{ RANK: 'first', PMI_RANK: '0' }, true],
  [{ LOCAL_RANK: '1', WORLD_SIZE: '4' }, true],
])('with %o this is the main process: %s', (env, expected) => {
  expect(isMainProcess(env)).toBe(expected);
});
