import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Hub, HubFigures } from '../hub/hub.ts';

type StoreSize = Awaited<ReturnType<Hub['size']>>;

/** How often the event loop is looked at. */
const LOOP_EVERY_MS = 20;

/** What happened since the start, for `/metrics`. */
export class Counters implements Disposable {
  readonly #requests = new Map<string, number>();
  readonly #delay = monitorEventLoopDelay({ resolution: LOOP_EVERY_MS });

  constructor() {
    this.#delay.enable();
  }

  /** One request was answered. `route` is the pattern, never the address. */
  answered(method: string, route: string, status: number): void {
    const labels = `method="${method}",route="${route}",status="${status}"`;
    this.#requests.set(labels, (this.#requests.get(labels) ?? 0) + 1);
  }

  /**
   * In Prometheus's text format 0.0.4, with what the hub counts, the bytes of the store by part, and the fields that
   * clients asked for and that we do not have.
   */
  text(hub: HubFigures, store: StoreSize, unknownSelections: ReadonlyMap<string, number>): string {
    const { heapUsed, rss } = process.memoryUsage();
    const cpu = process.cpuUsage();
    const lines = [
      ...family('trackside_http_requests_total', 'counter', 'Requests answered.', this.#requests),
      ...family('trackside_ingest_bodies_total', 'counter', 'File-stream bodies made durable.', hub.ingestedBodies),
      ...family('trackside_ingest_bytes_total', 'counter', 'Bytes of these bodies.', hub.ingestedBytes),
      ...family('trackside_ingest_in_flight_bytes', 'gauge', 'Bodies in memory.', hub.inFlightBytes),
      ...family('trackside_ingest_waiting_bytes', 'gauge', 'Bodies that wait for room.', hub.waitingBytes),
      ...family('trackside_notice_subscribers', 'gauge', 'Open streams of change notices.', hub.subscribers),
      ...family(
        'trackside_store_bytes',
        'gauge',
        'What the store takes on disk, by part.',
        Object.entries(store).map(([part, bytes]) => [`part="${part}"`, bytes] as const),
      ),
      ...family(
        'trackside_graphql_unknown_selections_total',
        'counter',
        'Fields that a client asked for and that were answered with null.',
        [...unknownSelections].map(([name, n]) => [`field="${name.replaceAll(/[^\w.]/g, '_')}"`, n] as const),
      ),
      ...family('trackside_event_loop_delay_seconds', 'gauge', 'Delay of the main thread since the start.', [
        ['quantile="0.5"', this.#delayAt(50)],
        ['quantile="0.99"', this.#delayAt(99)],
        ['quantile="1"', this.#delayAt(100)],
      ]),
      ...family('process_cpu_seconds_total', 'counter', 'CPU time of the process.', (cpu.user + cpu.system) / 1e6),
      ...family('process_resident_memory_bytes', 'gauge', 'Resident memory.', rss),
      ...family('trackside_heap_used_bytes', 'gauge', 'Memory of JavaScript objects on the main thread.', heapUsed),
    ];
    return `${lines.join('\n')}\n`;
  }

  /** In seconds. Node measures from one look to the next, so the time that was meant to lie between is taken off. */
  #delayAt(percentile: number): number {
    return Math.max(0, this.#delay.percentile(percentile) / 1e6 - LOOP_EVERY_MS) / 1e3;
  }

  [Symbol.dispose](): void {
    this.#delay.disable();
  }
}

function family(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  samples: number | Iterable<readonly [labels: string, value: number]>,
): string[] {
  const values =
    typeof samples === 'number'
      ? [`${name} ${samples}`]
      : [...samples].map(([labels, value]) => `${name}{${labels}} ${value}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...values];
}
