/** npm sends a Ctrl-C, which the terminal sends to every program by itself, on to the program it runs. */
const SAME_WITHIN_MS = 500;

/**
 * Aborted, with the signal's name as its reason, when somebody asks this process to stop. Whoever asks again after that ends it
 * at once. A hang-up is no such wish when the output goes elsewhere than to a terminal (nohup, a log file).
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  let askedAt = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (signal === 'SIGHUP' && !process.stdout.isTTY) return;
      if (!stop.signal.aborted) askedAt = performance.now();
      else if (performance.now() - askedAt > SAME_WITHIN_MS) process.exit(130);
      stop.abort(signal);
    });
  }
  return stop.signal;
}

/** Resolves with its reason when the signal is aborted, at once if it has been. */
export function aborted(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(String(signal.reason));
    else signal.addEventListener('abort', () => resolve(String(signal.reason)), { once: true });
  });
}
