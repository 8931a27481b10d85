/** One panel: a key of a stream, its name split for the title. */
export interface PanelKey {
  readonly stream: 'history' | 'system';
  readonly key: string;
  /** What its section shares, such as `train/`; shown in grey. */
  readonly prefix: string;
  readonly name: string;
  /** The key that lies on x unless people choose, by `define_metric`; null: steps. */
  readonly step: string | null;
}

export type Metric = Pick<PanelKey, 'key' | 'step'>;

export interface Section {
  readonly name: string;
  readonly panels: readonly PanelKey[];
}

/** Keys without a prefix. */
export const PLAIN_SECTION = 'metrics';

/** Metrics in sections by what stands before their first `/`, both in natural order; keys without one come first, then training and validation. */
export function historySections(metrics: readonly Metric[]): readonly Section[] {
  return sections(
    metrics,
    (key) => {
      const slash = key.indexOf('/');
      if (slash <= 0 || slash === key.length - 1) return { section: PLAIN_SECTION, prefix: '', name: key };
      return { section: key.slice(0, slash), prefix: key.slice(0, slash + 1), name: key.slice(slash + 1) };
    },
    'history',
  );
}

const SYSTEM_SECTIONS: readonly (readonly [RegExp, string])[] = [
  [/^gpu/, 'GPU'],
  [/^cpu|^proc\.cpu/, 'CPU'],
  [/^memory|^proc\.memory|^swap/, 'memory'],
  [/^disk/, 'disk'],
  [/^network/, 'network'],
];

/** The machine's readings, by part of the machine. */
export function systemSections(keys: readonly string[]): readonly Section[] {
  const order = SYSTEM_SECTIONS.map(([, name]) => name);
  const found = sections(
    keys.map((key) => ({ key, step: null })),
    (key) => {
      const name = key.replace(/^system\./, '');
      return { section: SYSTEM_SECTIONS.find(([starts]) => starts.test(name))?.[1] ?? 'machine', prefix: '', name };
    },
    'system',
  );
  return found.toSorted((a, b) => rank(order, a.name) - rank(order, b.name));
}

function rank(order: readonly string[], name: string): number {
  const at = order.indexOf(name);
  return at < 0 ? order.length : at;
}

/** What people look at before the rest. */
const FIRST = [PLAIN_SECTION, 'train', 'val', 'valid', 'validation', 'eval', 'test'];
const natural = new Intl.Collator('en', { numeric: true });

function sections(
  metrics: readonly Metric[],
  split: (key: string) => { section: string; prefix: string; name: string },
  stream: PanelKey['stream'],
): Section[] {
  const bySection = new Map<string, PanelKey[]>();
  for (const { key, step } of metrics) {
    const { section, prefix, name } = split(key);
    const panels = bySection.get(section) ?? [];
    panels.push({ stream, key, prefix, name, step });
    bySection.set(section, panels);
  }
  return [...bySection]
    .map(([name, panels]) => ({ name, panels: panels.sort((a, b) => natural.compare(a.key, b.key)) }))
    .sort((a, b) => rank(FIRST, a.name) - rank(FIRST, b.name) || natural.compare(a.name, b.name));
}
