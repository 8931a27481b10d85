import type { Run } from '../../../core/model/run.ts';
import type { ConsoleLine } from '../../../core/model/stream.ts';
import type { Caller } from './caller.ts';
import { type Connection, connection } from './page.ts';

const LINES_DEFAULT = 1_000;
const LINES_MAX = 10_000;

export interface LogLinePage {
  readonly first?: number | null;
  /** The number of the line before the page. */
  readonly after?: string | null;
  /** The last so many lines instead. */
  readonly last?: number | null;
}

/** `Run.logLines`: console lines in order, from the beginning or the end. */
export async function logLineConnection(caller: Caller, run: Run, page: LogLinePage): Promise<Connection<object>> {
  const limit = Math.min(Math.max(page.last ?? page.first ?? LINES_DEFAULT, 1), LINES_MAX);
  const after = Number(page.after ?? -1);
  const from = typeof page.last === 'number' ? -limit : (Number.isSafeInteger(after) ? after : -1) + 1;
  const { lines, total } = await caller.hub.streams.console(caller.who, run, { from, limit });
  const edges = lines.map((line) => ({ node: lineNode(line), cursor: String(line.number) }));
  return connection(edges, (lines.at(-1)?.number ?? total) < total - 1);
}

function lineNode({ number, at, stderr, label, text }: ConsoleLine): object {
  return {
    number,
    timestamp: at === null ? null : new Date(at).toISOString(),
    level: stderr ? 'error' : null,
    label,
    line: text,
  };
}
