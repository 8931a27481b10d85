/** Tracking from TypeScript: `import { init } from 'trackside'`. */
export { init } from './init.ts';
export type { InitOptions, Mode, Resume, TrackerSettings } from './init-options.ts';
export { isMainProcess } from './rank.ts';
export type { FinishReport, MetricOptions, Run, SummaryKind, Values } from './run.ts';
