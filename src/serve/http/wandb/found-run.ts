import type { Run } from '../../../core/model/run.ts';
import type { StreamExtent, StreamKind } from '../../../core/model/stream.ts';
import type { Caller } from './caller.ts';

/** What the GraphQL type `Run` stands for: a run, and where its streams stand, read at most once per answer. */
export interface FoundRun {
  readonly run: Run;
  extent(kind: StreamKind): Promise<StreamExtent>;
}

/** @param known where the streams stand, when that is at hand */
export function foundRun({ hub, who }: Caller, run: Run, known?: Readonly<Record<StreamKind, StreamExtent>>): FoundRun {
  let extents = known === undefined ? null : Promise.resolve(known);
  return { run, extent: async (kind) => (await (extents ??= hub.streams.extent(who, run)))[kind] };
}
