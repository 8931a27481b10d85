import type { z } from 'zod';
import { Refusal } from '../../../core/model/refusal.ts';
import type { Run } from '../../../core/model/run.ts';
import { parseFilter } from '../../../core/query/filter-text.ts';
import { parseLooseObject } from '../../../core/query/loose-json.ts';
import { toStrictJson } from '../../../core/query/loose-json-print.ts';
import { parseRunField, printRunField } from '../../../core/query/run-field.ts';
import { parseRunOrder } from '../../../core/query/run-order.ts';
import type * as schema from '../../api/schemas.ts';
import type { Hub, Principal } from '../../hub/hub.ts';
import type { Call, Handlers, RestOptions } from './call.ts';
import { demandProject, noProject } from './projects.ts';
import { readRunConfig } from './run-config.ts';

const COLUMNS_MAX = 500;

type RunName = 'runs' | 'columns' | 'run' | 'editRun' | 'deleteRun' | 'stopRun';

export function runHandlers({ hub }: RestOptions): Handlers<RunName> {
  return {
    async runs({ who, at, query: { filter, order, columns, offset, limit } }) {
      const page = {
        entity: at.entity,
        project: at.project,
        filter: filter === undefined ? null : parseFilter(filter),
        order: order === undefined ? [] : parseRunOrder(order),
        offset,
        limit,
      };
      const table = await hub.runs.table(who, page, listed(columns).map(parseRunField));
      if (table === null) throw noProject(at);
      const runs = table.rows.map(({ key: _key, tags, values, ...row }) => ({
        ...row,
        tags: [...tags],
        values: values.map(cell),
      }));
      return { total: table.total, runs };
    },

    async columns({ who, at }) {
      await demandProject(hub, who, at);
      const columns = await hub.runs.columns(who, at.entity, at.project);
      return { columns: columns.map(({ field, runs, type }) => ({ column: printRunField(field), runs, type })) };
    },

    async run({ who, at, request, reply }) {
      const run = await findRun(hub, who, at);
      const etag = `W/"${run.rev}"`;
      reply.headers({ etag, 'cache-control': 'private, no-cache' });
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      return runView(hub, who, run);
    },

    async editRun({ who, at, body }) {
      const patch = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
      return runView(hub, who, await hub.runs.edit(who, pathOf(at), patch));
    },

    async deleteRun({ who, at }) {
      if (!(await hub.runs.delete(who, pathOf(at)))) throw noRun(at);
    },

    async stopRun({ who, at }) {
      return runView(hub, who, await hub.runs.stop(who, pathOf(at)));
    },
  };
}

type RunAddress = Call<'run'>['at'];

/** The run at this address; refuses (`not_found`) if there is none that the user may see. */
export async function findRun(hub: Hub, who: Principal, at: RunAddress): Promise<Run> {
  const run = await hub.runs.find(who, pathOf(at));
  if (run === null) throw noRun(at);
  return run;
}

async function runView(hub: Hub, who: Principal, run: Run): Promise<z.input<typeof schema.run>> {
  const { history, system, console } = await hub.streams.extent(who, run);
  const { values, environment, metrics } = readRunConfig(run.config);
  return {
    entity: run.entity,
    project: run.project,
    id: run.id,
    displayName: run.displayName,
    state: run.state,
    stateReason: run.stateReason,
    exitCode: run.exitCode,
    tags: [...run.tags],
    notes: run.notes,
    group: run.group,
    jobType: run.jobType,
    host: run.host,
    program: run.program,
    commit: run.commit,
    repo: run.repo,
    user: run.user,
    stopRequestedBy: run.stopRequestedBy,
    createdAt: run.createdAt,
    heartbeatAt: run.heartbeatAt,
    finishedAt: run.finishedAt,
    rev: run.rev,
    config: values,
    summary: toStrictJson(parseLooseObject(run.summary)) as Record<string, unknown>,
    environment,
    metrics,
    rows: { history: history.rows, system: system.rows, console: console.rows },
  };
}

/** A value of a table as JSON can hold it. */
function cell(value: string | number | boolean | null): z.input<typeof schema.cell> {
  return typeof value === 'number' ? looseNumber(value) : value;
}

/** A number as JSON can hold it: NaN and infinities as their names. */
export function looseNumber(value: number): z.input<typeof schema.looseNumber> {
  return Number.isFinite(value) ? value : (String(value) as 'NaN' | 'Infinity' | '-Infinity');
}

function listed(columns: string | undefined): string[] {
  const names = (columns ?? '').split(',').filter((name) => name !== '');
  if (names.length > COLUMNS_MAX)
    throw new Refusal('bad_request', `A table has at most ${COLUMNS_MAX} columns: ask for fewer at once.`);
  return names;
}

function pathOf({ entity, project, run }: RunAddress): { entity: string; project: string; id: string } {
  return { entity, project, id: run };
}

function noRun({ entity, project, run }: RunAddress): Refusal {
  return new Refusal('not_found', `There is no run ${entity}/${project}/${run} that you may see.`);
}
