import type { RecordedRun } from './recorded-run.ts';

const runs = new Set<RecordedRun>();
let isInstalled = false;

/** Sees to it that a run is ended when the program ends without `finish()`. Returns how to let go of it. */
export function endWithProcess(run: RecordedRun): () => void {
  runs.add(run);
  if (!isInstalled) {
    isInstalled = true;
    // Nothing left to do: there is time to upload. The code may still change, but not for a program that has run out.
    process.on('beforeExit', () => {
      for (const each of runs) void each.finish(Number(process.exitCode ?? 0));
    });
    process.on('exit', (code) => {
      for (const each of runs) each.finishNow(code);
    });
  }
  return () => runs.delete(run);
}

/** Ends the run with 128 + the signal's number on SIGINT and SIGTERM, then lets the signal do what it would have done. */
export function catchSignals(run: RecordedRun): () => void {
  const numbers = { SIGINT: 2, SIGTERM: 15 } as const;
  const handlers = Object.entries(numbers).map(([name, number]) => {
    const signal = name as keyof typeof numbers;
    const handler = (): void => {
      process.removeListener(signal, handler);
      run.finishNow(128 + number);
      // With other listeners the program has its own plans for the signal, and they hear it by themselves.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    };
    process.on(signal, handler);
    return [signal, handler] as const;
  });
  return () => {
    for (const [signal, handler] of handlers) process.removeListener(signal, handler);
  };
}
