import { Refusal } from '../../../../core/model/refusal.ts';
import type { StreamStore } from '../../streams.ts';
import type { Threads } from '../threads.ts';

/** The streams of a SQLite store, as the main thread sees them. */
export function sqliteStreams(threads: Threads): StreamStore {
  return {
    ingest(run, writer, body, at) {
      // A small body may be part of a pool that others use: it is copied. Others are moved.
      const { buffer } = body;
      const whole = buffer instanceof ArrayBuffer && body.byteLength === buffer.byteLength;
      return threads.write('ingest', [run, writer, body, at], whole ? [buffer] : []);
    },
    async append(run, stream, columns) {
      const entries = Object.entries(columns);
      const rows = entries[0]?.[1].length ?? 0;
      for (const [name, { length }] of entries) if (length !== rows) throw uneven(name, length, rows);
      await threads.write('appendColumns', [run, stream, entries, rows]);
    },
    extent: (run, writer = '') => threads.read('readExtent', [run, writer]),
    rewind: (run, step) => threads.write('rewind', [run, step]),
    settle: (run) => threads.write('settleRun', [run]),
    async settled() {
      while (!(await threads.write('sealSome', [])));
    },
    keys: (run, stream) => threads.read('readKeys', [run, stream]),
    rows: (query) => threads.read('readRowPage', [query]),
    series: (query) => threads.read('readSeries', [query]),
    console: (query) => threads.read('readConsole', [query]),
  };
}

function uneven(name: string, length: number, rows: number): Refusal {
  const what = `column ${JSON.stringify(name)} has ${length} values and the first column ${rows}`;
  return new Refusal('bad_request', `${what}; nothing was appended, give columns of equal length`);
}
