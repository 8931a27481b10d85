import { isLive } from '../../../core/model/run-state.ts';
import type { Run } from '../../../core/model/run.ts';
import { printLooseJson } from '../../../core/query/loose-json-print.ts';
import { isLooseObject, parseLooseObject } from '../../../core/query/loose-json.ts';
import { historyKeys, systemMetrics } from '../../../track/wire/graphql/history-keys.ts';
import { runStorageId } from '../../../track/wire/graphql/storage-id.ts';
import type { StreamExtent } from '../../../core/model/stream.ts';
import type { Fields } from './fields.ts';
import { type FilePage, fileConnection } from './file-fields.ts';
import type { FoundRun } from './found-run.ts';
import { type LogLinePage, logLineConnection } from './log-lines.ts';
import { isoTime } from './page.ts';
import { sampledHistory, spreadRows, stepPage } from './run-rows.ts';

export const runFields: Fields<FoundRun> = {
  id: ({ run }) => runStorageId(run),
  name: ({ run }) => run.id,
  displayName: ({ run }) => run.displayName,
  projectId: ({ run }) => run.projectKey,
  project: ({ run }, _args, { hub, who }) => hub.projects.find(who, run.entity, run.project),
  user: ({ run }) => ({ username: run.user }),
  state: ({ run }) => run.state,
  stopped: ({ run }) => run.stopRequestedBy !== null && isLive(run.state),
  readOnly: () => false, // whoever sees a run may write to it
  tags: ({ run }) => run.tags,
  notes: ({ run }) => run.notes,
  description: () => null,
  group: ({ run }) => run.group,
  jobType: ({ run }) => run.jobType,
  sweepName: ({ run }) => run.sweep,
  host: ({ run }) => run.host,
  commit: ({ run }) => run.commit,
  createdAt: ({ run }) => isoTime(run.createdAt),
  heartbeatAt: ({ run }) => isoTime(run.heartbeatAt),

  config: ({ run }) => run.config,
  wandbConfig: ({ run }, args: { keys?: readonly string[] | null }) => wandbConfig(run, args.keys ?? null),
  summaryMetrics: ({ run }) => run.summary,
  systemMetrics: async ({ run }, _args, { hub, who }) => systemMetrics(await hub.streams.keys(who, run, 'system')),

  historyLineCount: async (found) => (await found.extent('history')).nextLine,
  eventsLineCount: async (found) => (await found.extent('system')).nextLine,
  logLineCount: async (found) => (await found.extent('console')).nextLine,
  historyTail: async (found) => tailText(await found.extent('history')),
  eventsTail: async (found) => tailText(await found.extent('system')),

  history: ({ run }, args: { samples?: number | null; minStep?: number | null; maxStep?: number | null }, caller) =>
    stepPage(caller, run, args),
  events: ({ run }, args: { samples?: number | null }, caller) => spreadRows(caller, run, 'system', args.samples),
  sampledHistory: ({ run }, args: { specs: readonly string[] }, caller) =>
    Promise.all(args.specs.map((spec) => sampledHistory(caller, run, spec))),
  historyKeys: async ({ run }, _args, { hub, who }) => historyKeys(await hub.streams.keys(who, run, 'history')),
  parquetHistory: () => ({ parquetUrls: [], liveData: [] }),
  logLines: ({ run }, args: LogLinePage, caller) => logLineConnection(caller, run, args),

  fileCount: ({ run }, _args, { hub, who }) => hub.files.count(who, run),
  files: ({ run }, args: FilePage, caller) => fileConnection(caller, run, args),
};

function tailText({ tail }: StreamExtent): string {
  return JSON.stringify(tail === null ? [] : [tail]);
}

/** What the client keeps for itself in the config, as JSON text: all of `_wandb`, or these of its members. */
function wandbConfig(run: Run, keys: readonly string[] | null): string {
  const wrapped = parseLooseObject(run.config)['_wandb'];
  const value = isLooseObject(wrapped) ? wrapped['value'] : undefined;
  const members = isLooseObject(value) ? Object.entries(value) : [];
  return printLooseJson(Object.fromEntries(members.filter(([key]) => keys === null || keys.includes(key))));
}
