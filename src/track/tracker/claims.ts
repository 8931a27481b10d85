import { identifyProcess, isProcessAlive, type ProcessIdentity } from '../../machine/process-identity.ts';

/** Children inherit it, and so learn which runs a living ancestor logs. */
const VARIABLE = 'TRACKSIDE_RUN_CLAIMS';

interface Claim {
  readonly run: string;
  readonly process: ProcessIdentity;
}

/** The process that already logs this run: an ancestor that lives, or this one. Null when nobody does. */
export function findClaim(run: string): ProcessIdentity | null {
  return readClaims().find((claim) => claim.run === run && isProcessAlive(claim.process) !== false)?.process ?? null;
}

/** Claims a run for this process and what it starts from now on. */
export function claimRun(run: string): void {
  const process = identifyProcess();
  if (process) writeClaims([...readClaims(), { run, process }]);
}

/** Gives back this process's claim; one that an ancestor holds stays. */
export function releaseRun(run: string): void {
  writeClaims(readClaims().filter((claim) => claim.run !== run || claim.process.pid !== process.pid));
}

function readClaims(): Claim[] {
  try {
    const claims: unknown = JSON.parse(process.env[VARIABLE] ?? '[]');
    return Array.isArray(claims) ? (claims as Claim[]) : [];
  } catch {
    return [];
  }
}

function writeClaims(claims: readonly Claim[]): void {
  if (claims.length === 0) delete process.env[VARIABLE];
  else process.env[VARIABLE] = JSON.stringify(claims);
}
