import { jsonMembers, soundJson } from '../wire/json-text.ts';
import { replaceBareWords } from '../wire/outside-strings.ts';
import { JsonTree } from '../wire/json-tree.ts';
import {
  type EnvironmentRecord,
  type Item,
  type MetricRecord,
  SUMMARY_KINDS,
  type TelemetryRecord,
} from '../wire/wandb-record.ts';

/**
 * A run's config as servers keep it: every key wrapped, `{"lr":{"value":0.1}}`, and beside them `_wandb` with what is known of
 * the program (`t`), the metrics defined (`m`, field numbers as keys) and the machines it ran on (`e`).
 */
export class ConfigDocument {
  readonly #tree = new JsonTree();
  readonly #metrics = new Map<string, MetricRecord>();
  readonly #environments = new Map<string, Record<string, unknown>>();
  /** Members of a former `_wandb` that nothing here replaces. */
  readonly #formerInternals = new Map<string, string>();
  #telemetry: TelemetryRecord['facts'] = {};
  #version = 0;

  /** Rises with every change. */
  get version(): number {
    return this.#version;
  }

  /** A config that was there before: JSON text in the form of `toJson`. */
  adopt(json: string): void {
    for (const [key, wrapped] of jsonMembers(json)) {
      const value = jsonMembers(wrapped).find(([name]) => name === 'value')?.[1];
      if (value === undefined) continue;
      if (key === '_wandb') for (const [name, member] of jsonMembers(value)) this.#formerInternals.set(name, member);
      else this.#tree.set([key], value);
    }
    this.#version++;
  }

  change(update: readonly Item[], remove: readonly (readonly string[])[]): void {
    for (const path of remove) this.#tree.remove(path);
    for (const item of update) if (item.path[0] !== '_wandb') this.#tree.set(item.path, soundJson(item.json));
    this.#version++;
  }

  define(metric: MetricRecord): void {
    this.#metrics.set(metric.glob === '' ? `=${metric.name}` : `*${metric.glob}`, metric);
    this.#version++;
  }

  describe(record: EnvironmentRecord | TelemetryRecord): void {
    if (record.type === 'telemetry') this.#telemetry = { ...this.#telemetry, ...record.facts };
    else this.#environments.set(record.writerId, { ...this.#environments.get(record.writerId), ...record.facts });
    this.#version++;
  }

  /** All that is known of the machine, as `wandb-metadata.json` holds it. */
  metadata(): Record<string, unknown> {
    return Object.assign({}, ...this.#environments.values()) as Record<string, unknown>;
  }

  /** The document for `upsertBucket`. */
  toJson(): string {
    const parts = [...this.#tree.entries()].map(([key, json]) => `${JSON.stringify(key)}:{"value":${json}}`);
    parts.push(`"_wandb":{"value":${this.#internalsJson()}}`);
    return `{${parts.join(',')}}`;
  }

  /** `config.yaml`: a block of keys, each with its value as JSON, which YAML includes. */
  toYaml(): string {
    const entries = [...this.#tree.entries(), ['_wandb', this.#internalsJson()] as const];
    return entries.map(([key, json]) => `${JSON.stringify(key)}:\n    value: ${yamlWords(json)}\n`).join('');
  }

  #internalsJson(): string {
    const members = new Map(this.#formerInternals);
    members.set('t', JSON.stringify(this.#telemetry));
    if (this.#metrics.size > 0) members.set('m', JSON.stringify(this.#metricEntries()));
    for (const [id, facts] of this.#environments) {
      const known = members.get('e');
      const inner = `${JSON.stringify(id)}:${JSON.stringify({ ...facts, writerId: id })}`;
      members.set('e', known === undefined || known === '{}' ? `{${inner}}` : `${known.slice(0, -1)},${inner}}`);
    }
    if (typeof this.#telemetry['5'] === 'string') members.set('cli_version', JSON.stringify(this.#telemetry['5']));
    return `{${[...members].map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(',')}}`;
  }

  #metricEntries(): Record<string, unknown>[] {
    const metrics = [...this.#metrics.values()];
    return metrics.map((metric) => {
      const stepIndex = metrics.findIndex((other) => other.name !== '' && other.name === metric.stepMetric);
      const options = [metric.stepSync && 1, metric.hidden && 2, 3].filter((option) => option !== false);
      return {
        ...(metric.glob === '' ? { '1': metric.name } : { '2': metric.glob }),
        ...(metric.stepMetric !== '' && (stepIndex < 0 ? { '4': metric.stepMetric } : { '5': stepIndex + 1 })),
        '6': options,
        '7': metric.summary.map((kind) => SUMMARY_KINDS.indexOf(kind) + 1),
        ...(metric.goal !== null && { '8': metric.goal === 'minimize' ? 1 : 2 }),
      };
    });
  }
}

/** YAML's own words for what JSON lacks. */
function yamlWords(json: string): string {
  return replaceBareWords(json, (word) => (word === 'NaN' ? '.nan' : word.replace('Infinity', '.inf')));
}
