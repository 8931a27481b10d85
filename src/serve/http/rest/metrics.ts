import { definitionOf } from '../../../core/query/defined-metric.ts';
import type { Handlers, RestOptions } from './call.ts';
import { demandProject } from './projects.ts';
import { readRunConfig } from './run-config.ts';

/** What a person looks at together; each run costs two reads. */
const RUNS_MAX = 200;

/** The metrics of some runs together, as charts need them. */
export function metricHandlers({ hub }: RestOptions): Handlers<'metrics'> {
  return {
    async metrics({ who, at, query: { runs } }) {
      await demandProject(hub, who, at);
      const found = new Map<string, { runs: number; step: string | null; hidden: boolean }>();
      const ids = [...new Set(runs.split(','))].filter((id) => id !== '').slice(0, RUNS_MAX);
      const seen = await hub.runs.findMany(who, at.entity, at.project, ids);
      const read = await Promise.all(
        seen.map(async (run) => ({ run, infos: await hub.streams.keys(who, run, 'history') })),
      );
      for (const { run, infos } of read) {
        const { metrics } = readRunConfig(run.config);
        const keys = new Set(infos.map(({ key }) => key));
        for (const { key, counts } of infos) {
          if ((counts.number ?? 0) === 0) continue;
          const defined = definitionOf(key, metrics);
          const step = defined?.step ?? null;
          const before = found.get(key);
          found.set(key, {
            runs: (before?.runs ?? 0) + 1,
            step: before?.step ?? (step !== null && step !== key && keys.has(step) ? step : null),
            hidden: (before?.hidden ?? true) && (defined?.hidden ?? false),
          });
        }
      }
      return { metrics: [...found].map(([key, metric]) => ({ key, ...metric })) };
    },
  };
}
