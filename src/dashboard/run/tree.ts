/** A line of a tree of settings: a leaf with its value, or a branch with its children behind it. */
export interface TreeLine {
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  /** Null for a branch. */
  readonly value: string | null;
  readonly kind: 'number' | 'string' | 'boolean' | 'null' | 'branch';
}

/** Nested values as lines, in the order of names. With `find`, only lines whose path or value holds it, and their branches. */
export function treeLines(root: Readonly<Record<string, unknown>>, find: string): readonly TreeLine[] {
  const wanted = find.toLowerCase();
  const lines: TreeLine[] = [];
  const walk = (value: unknown, path: string, name: string, depth: number): boolean => {
    const children = childrenOf(value);
    if (children === null) {
      const text = typeof value === 'string' ? value : String(value);
      const fits = path.toLowerCase().includes(wanted) || text.toLowerCase().includes(wanted);
      if (fits) lines.push({ path, name, depth, value: text, kind: kindOf(value) });
      return fits;
    }
    const at = lines.length;
    lines.push({ path, name, depth, value: null, kind: 'branch' });
    let any = false;
    for (const [child, inner] of children) any = walk(inner, `${path}.${child}`, child, depth + 1) || any;
    if (!any) lines.length = at;
    return any;
  };
  for (const [name, value] of childrenOf(root) ?? []) walk(value, name, name, 0);
  return lines;
}

/** What is inside an object or a list that holds objects; null for what one line can show. */
function childrenOf(value: unknown): [string, unknown][] | null {
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object' || item === null)) return null;
    return value.map((item, index) => [String(index), item]);
  }
  const entries = Object.entries(value);
  return entries.length === 0 ? null : entries.toSorted(([a], [b]) => natural.compare(a, b));
}

const natural = new Intl.Collator('en', { numeric: true });

function kindOf(value: unknown): TreeLine['kind'] {
  if (value === null) return 'null';
  if (typeof value === 'number' || typeof value === 'boolean') return typeof value as 'number' | 'boolean';
  return 'string';
}
