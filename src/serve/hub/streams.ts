import type { Clock } from '../../core/base/clock.ts';
import { Refusal } from '../../core/model/refusal.ts';
import { isLive } from '../../core/model/run-state.ts';
import type { Run, RunPath } from '../../core/model/run.ts';
import type { KeySummary, StreamExtent, StreamKind } from '../../core/model/stream.ts';
import type { SeriesColumns } from '../../core/query/series.ts';
import type { Store } from '../store/store.ts';
import type { ConsolePage, ConsoleQuery, IngestOutcome, RowPage, RowQuery } from '../store/streams.ts';
import { ByteGate } from './byte-gate.ts';
import type { FileStreamReply, HubStreams, Notice, Principal, UnreadBody } from './hub.ts';
import type { KnownRun, KnownRuns } from './known-runs.ts';
import { stateAfter } from './next-state.ts';
import type { Notices } from './notices.ts';
import { maySee, seenRun } from './permission.ts';

type SeriesRequest = Parameters<HubStreams['series']>[3];

export class Streams implements HubStreams {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #known: KnownRuns;
  readonly #notices: Notices;
  /** Bodies in memory. */
  readonly gate: ByteGate;
  ingestedBodies = 0;
  ingestedBytes = 0;

  constructor(
    parts: Readonly<{ store: Store; clock: Clock; known: KnownRuns; notices: Notices; inFlightBytesMax: number }>,
  ) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#known = parts.known;
    this.#notices = parts.notices;
    this.gate = new ByteGate(parts.inFlightBytesMax);
  }

  async ingest(who: Principal, path: RunPath, writer: string, body: Uint8Array | UnreadBody): Promise<FileStreamReply> {
    const run = maySee(who, path.entity) ? await this.#known.find(path) : null;
    if (!run) {
      throw new Refusal(
        'not_found',
        `There is no run ${JSON.stringify(`${path.entity}/${path.project}/${path.id}`)}: it was deleted or never started, so its data has no place.`,
      );
    }
    const isUnread = !(body instanceof Uint8Array);
    using room = await this.gate.enter(isUnread ? body.sizeBytes : body.byteLength);
    void room;
    const bytes = isUnread ? await body.read() : body;
    // Asked before the buffer is handed over, after which it is empty here.
    const size = bytes.byteLength;
    const outcome = await this.#store.streams.ingest(run.key, writer, bytes, this.#clock.now());
    this.ingestedBodies++;
    this.ingestedBytes += size;
    return this.#act(run, outcome);
  }

  extent(who: Principal, run: Run): Promise<Readonly<Record<StreamKind, StreamExtent>>> {
    return this.#store.streams.extent(seenRun(who, run));
  }

  keys(who: Principal, run: Run, stream: 'history' | 'system'): Promise<readonly KeySummary[]> {
    return this.#store.streams.keys(seenRun(who, run), stream);
  }

  rows(who: Principal, run: Run, query: Omit<RowQuery, 'run'>): Promise<RowPage> {
    return this.#store.streams.rows({ ...query, run: seenRun(who, run) });
  }

  console(who: Principal, run: Run, query: Omit<ConsoleQuery, 'run'>): Promise<ConsolePage> {
    return this.#store.streams.console({ ...query, run: seenRun(who, run) });
  }

  async series(
    who: Principal,
    entity: string | null,
    project: string,
    query: SeriesRequest,
  ): Promise<readonly (SeriesColumns | null)[]> {
    const owner = entity ?? who.user.username;
    const runs = new Map<string, KnownRun>();
    if (maySee(who, owner)) {
      for (const id of new Set(query.series.map((each) => each.run))) {
        const run = await this.#known.find({ entity: owner, project, id });
        if (run) runs.set(id, run);
      }
    }
    const wanted = query.series.flatMap(({ run, stream, key }, place) => {
      const known = runs.get(run);
      return known ? [{ place, run: known.key, stream, key }] : [];
    });
    const answer: (SeriesColumns | null)[] = query.series.map(() => null);
    if (wanted.length === 0) return answer;
    const { x, from, to, buckets } = query;
    const found = await this.#store.streams.series({
      series: wanted,
      x,
      buckets,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
    wanted.forEach(({ place }, index) => {
      answer[place] = found[index] ?? null;
    });
    return answer;
  }

  async #act(run: KnownRun, outcome: IngestOutcome): Promise<FileStreamReply> {
    // Looked up again: others may have changed the run while the body was written.
    const now = (await this.#known.find(run.path)) ?? run;
    const next = stateAfter(now, outcome);
    let rev = outcome.rev;
    if (next) {
      const changed = await this.#store.runs.changeState(run.key, { ...next, at: this.#clock.now() });
      this.#known.note(changed);
      rev = changed.rev;
      if (!isLive(changed.state)) await this.#store.streams.settle(run.key);
    }
    const news: Notice['changed'][number][] = [...outcome.changed];
    if (next || outcome.summaryChanged) news.push('run');
    if (outcome.uploaded.length > 0) news.push('files');
    this.#notices.publish(run.path, rev, news);

    if (now.stopRequestedBy === null) return { stopped: false };
    now.stopTold = true;
    return { stopped: true };
  }
}
