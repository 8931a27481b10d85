import type { Clock } from '../../core/base/clock.ts';
import { checkProjectName, checkRunId } from '../../core/model/name-rule.ts';
import { Refusal } from '../../core/model/refusal.ts';
import { isLive, type RunState } from '../../core/model/run-state.ts';
import type { Run, RunPatch, RunPath } from '../../core/model/run.ts';
import type { Filter } from '../../core/query/filter.ts';
import type { RunField } from '../../core/query/run-field.ts';
import type { RunColumn, RunRow, StateChange } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import type { HubRuns, Principal, RunPage, StartedRun } from './hub.ts';
import type { KnownRuns } from './known-runs.ts';
import type { Notices } from './notices.ts';
import { demandMember, demandOwner, maySee } from './permission.ts';
import type { RunNames } from './run-names.ts';
import { harmlessPatch } from './run-text.ts';

/** From which states a state may be set by hand; W&B's `updateRunState` knows these two. */
const SETTABLE: Readonly<Partial<Record<RunState, readonly RunState[]>>> = {
  pending: ['running', 'failed', 'crashed', 'preempted'],
  failed: ['pending', 'running'],
};

/** Twice the client's own pause between heartbeats. */
const SILENCE_AT_WORK_MS = 60_000;

export class Runs implements HubRuns {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #known: KnownRuns;
  readonly #names: RunNames;
  readonly #notices: Notices;
  readonly #deleted: () => void;

  constructor(
    parts: Readonly<{
      store: Store;
      clock: Clock;
      known: KnownRuns;
      names: RunNames;
      notices: Notices;
      /** Called when something was deleted. */
      deleted: () => void;
    }>,
  ) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#known = parts.known;
    this.#names = parts.names;
    this.#notices = parts.notices;
    this.#deleted = parts.deleted;
  }

  async start(
    who: Principal,
    at: { entity: string | null; project: string | null; id: string },
    patch: RunPatch,
    state: RunState = 'running',
  ): Promise<StartedRun> {
    const entity = at.entity ?? who.user.username;
    const projectName = at.project ?? 'uncategorized';
    checkRunId(at.id);
    checkProjectName(projectName);
    demandMember(who, entity);

    const project = await this.#store.projects.open(entity, projectName, who.user.username);
    const clean = harmlessPatch(patch);
    const isNew = !clean.displayName && !(await this.#store.runs.find(project.key, at.id));
    const displayName = clean.displayName || (isNew ? await this.#names.invent(project.key) : at.id);
    const made = { user: who.user.username, at: this.#clock.now(), displayName };
    const opened = await this.#store.runs.open(project.key, at.id, made, clean);
    const isAtWork = !opened.inserted && this.#isAtWork(opened.run);
    const run = isAtWork && state === 'running' ? this.#tell(opened.run) : await this.#restart(opened.run, state);
    return { run, inserted: opened.inserted, extent: await this.#store.streams.extent(run.key) };
  }

  async edit(who: Principal, path: RunPath, patch: RunPatch): Promise<Run> {
    const run = await this.#demand(who, path);
    return this.#tell(await this.#store.runs.edit(run.key, harmlessPatch(patch)));
  }

  async find(who: Principal, path: { entity: string | null; project: string; id: string }): Promise<Run | null> {
    const project = await this.#project(who, path.entity, path.project);
    return project && this.#store.runs.find(project.key, path.id);
  }

  async findMany(
    who: Principal,
    entity: string | null,
    project: string,
    ids: readonly string[],
  ): Promise<readonly Run[]> {
    const found = await this.#project(who, entity, project);
    return found ? this.#store.runs.findMany(found.key, ids) : [];
  }

  async list(who: Principal, page: RunPage): Promise<{ total: number; runs: readonly Run[] } | null> {
    const project = await this.#project(who, page.entity, page.project);
    return project && this.#store.runs.list({ ...page, project: project.key });
  }

  async table(
    who: Principal,
    page: RunPage,
    columns: readonly RunField[],
  ): Promise<{ total: number; rows: readonly RunRow[] } | null> {
    const project = await this.#project(who, page.entity, page.project);
    return project && this.#store.runs.table({ ...page, project: project.key }, columns);
  }

  async count(who: Principal, entity: string | null, project: string, filter: Filter | null): Promise<number> {
    const found = await this.#project(who, entity, project);
    return found ? this.#store.runs.count(found.key, filter) : 0;
  }

  async columns(who: Principal, entity: string | null, project: string): Promise<readonly RunColumn[]> {
    const found = await this.#project(who, entity, project);
    return found ? this.#store.runs.columns(found.key) : [];
  }

  async stop(who: Principal, path: RunPath): Promise<Run> {
    const run = await this.#demand(who, path);
    const mayStillHear = isLive(run.state) || run.state === 'crashed';
    if (!mayStillHear || run.stopRequestedBy !== null) return run;
    return this.#tell(await this.#store.runs.requestStop(run.key, who.user.username));
  }

  async setState(who: Principal, path: RunPath, state: RunState): Promise<Run> {
    const run = await this.#demand(who, path);
    const from = SETTABLE[state] ?? [];
    if (!from.includes(run.state)) {
      const allowed = Object.entries(SETTABLE).map(([to, states]) => `${to} from ${states.join(', ')}`);
      throw new Refusal(
        'bad_request',
        `The state of this run is ${run.state} and cannot be set to ${state}; what can be set is ${allowed.join('; ')}.`,
      );
    }
    return this.#change(run, { to: state, from, reason: `set by ${who.user.username}` });
  }

  async rewind(who: Principal, path: RunPath, step: number): Promise<{ run: Run; historyLines: number }> {
    if (!Number.isSafeInteger(step) || step < 0) {
      throw new Refusal('bad_request', 'A run is rewound to a step: a whole number from 0 upward.');
    }
    const found = await this.#demand(who, path);
    const { lines } = await this.#store.streams.rewind(found.key, step);
    return { run: await this.#restart(found, 'running'), historyLines: lines };
  }

  async delete(who: Principal, path: RunPath): Promise<boolean> {
    const run = await this.find(who, path);
    if (!run) return false;
    demandOwner(who, { what: `The run ${path.id}`, entity: path.entity, user: run.user });
    const deleted = await this.#store.runs.delete(run.key);
    this.#known.forget(path);
    this.#notices.publish(path, run.rev + 1, ['gone']);
    this.#deleted();
    return deleted;
  }

  /**
   * A client at work sends its config and tags by name too: that is no new start, and takes back neither a wish to stop nor
   * a notice of preemption. It gives a sign of life every 30 s; after a longer silence it is another program that speaks.
   */
  #isAtWork(run: Run): boolean {
    const isStarted = run.state === 'running' || run.state === 'preempting';
    return isStarted && this.#clock.now() - run.heartbeatAt < SILENCE_AT_WORK_MS;
  }

  /** A run that (again) has a program behind it: what an earlier program left, an exit code or a wish to stop, goes. */
  async #restart(run: Run, state: RunState): Promise<Run> {
    if (run.stopRequestedBy !== null) await this.#store.runs.requestStop(run.key, null);
    return this.#change(run, { to: state, reason: null });
  }

  async #change(run: Run, change: Pick<StateChange, 'to' | 'from' | 'reason'>): Promise<Run> {
    return this.#tell(
      await this.#store.runs.changeState(run.key, { ...change, exitCode: null, at: this.#clock.now() }),
    );
  }

  #tell(run: Run): Run {
    this.#known.note(run);
    this.#notices.publish(run, run.rev, ['run']);
    return run;
  }

  async #project(who: Principal, entity: string | null, name: string) {
    const owner = entity ?? who.user.username;
    return maySee(who, owner) ? this.#store.projects.find(owner, name) : null;
  }

  async #demand(who: Principal, path: RunPath): Promise<Run> {
    const run = await this.find(who, path);
    if (run) return run;
    throw new Refusal('not_found', `There is no run ${JSON.stringify(`${path.entity}/${path.project}/${path.id}`)}.`);
  }
}
