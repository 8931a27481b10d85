/**
 * Who of a distributed job this process is, by the first of these that is set: torchrun and its like, Slurm, Open MPI, MPICH and
 * Intel MPI, PMIx, Horovod.
 */
const RANK_VARIABLES = [
  'RANK',
  'SLURM_PROCID',
  'OMPI_COMM_WORLD_RANK',
  'PMI_RANK',
  'PMIX_RANK',
  'HOROVOD_RANK',
] as const;

/** Only the main process of a job logs: true unless the first rank variable that holds a number holds another than 0. */
export function isMainProcess(env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  for (const name of RANK_VARIABLES) {
    const text = env[name]?.trim();
    if (text !== undefined && /^\d+$/.test(text)) return Number(text) === 0;
  }
  return true;
}
