import type { z } from 'zod';
import { isLooseObject, type LooseValue, parseLooseObject } from '../../../core/query/loose-json.ts';
import { toStrictJson } from '../../../core/query/loose-json-print.ts';
import type { LooseJson } from '../../../core/model/run.ts';
import type * as schema from '../../api/schemas.ts';

type Members = { readonly [key: string]: LooseValue };
type DefinedMetric = z.input<typeof schema.run>['metrics'][number];

/** What W&B's form of a config holds, taken apart: what the script set, the machine it ran on, the metrics it defined. */
export interface RunConfig {
  readonly values: Record<string, unknown>;
  readonly environment: Record<string, unknown>;
  readonly metrics: DefinedMetric[];
}

/** Reads `{"lr":{"value":0.1},"_wandb":{"value":{…}}}`. Members that are not of that form are left as they are. */
export function readRunConfig(config: LooseJson): RunConfig {
  const { _wandb, ...wrapped } = parseLooseObject(config);
  const own = isLooseObject(_wandb) ? membersOf(_wandb['value']) : {};
  return {
    values: Object.fromEntries(Object.entries(wrapped).map(([key, value]) => [key, toStrictJson(unwrap(value))])),
    environment: environmentOf(own),
    metrics: metricsOf(own['m']),
  };
}

function unwrap(value: LooseValue): LooseValue {
  return isLooseObject(value) && 'value' in value ? (value['value'] as LooseValue) : value;
}

/** Of several programs that wrote the run, one after the other or at once, the one that started last. */
function environmentOf(own: Members): Record<string, unknown> {
  const writers = Object.values(membersOf(own['e'])).filter(isLooseObject);
  const startedAt = (writer: Members) => String(writer['startedAt'] ?? '');
  const last = writers.toSorted((a, b) => (startedAt(a) < startedAt(b) ? -1 : 1)).at(-1) ?? {};
  const versions = Object.entries(own).filter(([key]) => key === 'python_version' || key === 'cli_version');
  return toStrictJson({ ...Object.fromEntries(versions), ...last }) as Record<string, unknown>;
}

/** The list `m`: objects whose keys are field numbers. 1 name, 2 glob, 4 and 5 the step metric, by name or by place in the list (from 1), 6 options (2 hidden), 8 goal (1 minimize, 2 maximize). */
function metricsOf(list: LooseValue | undefined): DefinedMetric[] {
  const defined = (Array.isArray(list) ? (list as readonly LooseValue[]) : []).map(membersOf);
  return defined.flatMap((metric) => {
    const name = textOf(metric['1']) ?? textOf(metric['2']);
    if (name === null) return [];
    const place = metric['5'];
    const step = textOf(metric['4']) ?? (typeof place === 'number' ? textOf(defined[place - 1]?.['1']) : null);
    const options = metric['6'];
    const goal = metric['8'] === 1 ? 'minimize' : metric['8'] === 2 ? 'maximize' : null;
    return [{ name, step, hidden: Array.isArray(options) && options.includes(2), goal }];
  });
}

function membersOf(value: LooseValue | undefined): Members {
  return isLooseObject(value) ? value : {};
}

function textOf(value: LooseValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
