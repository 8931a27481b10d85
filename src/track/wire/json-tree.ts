import { parseLoosely } from './json-text.ts';

type Node = string | Map<string, Node>;

/** Deeper than any real config or row; keeps the work per value bounded. */
const DEPTH_MAX = 64;

/** A JSON object under construction, from values at paths. Values stay the text that they came as. */
export class JsonTree {
  readonly #root = new Map<string, Node>();

  get size(): number {
    return this.#root.size;
  }

  /** Puts JSON text at a path; objects on the way are made, other values on the way give way. */
  set(path: readonly string[], json: string): void {
    const way = path.length > DEPTH_MAX ? [...path.slice(0, DEPTH_MAX - 1), path.slice(DEPTH_MAX - 1).join('.')] : path;
    let node = this.#root;
    for (const key of way.slice(0, -1)) {
      let next = node.get(key);
      if (!(next instanceof Map)) {
        next = openObject(next);
        node.set(key, next);
      }
      node = next;
    }
    node.set(way.at(-1) ?? '', json);
  }

  /** Takes away what lies at a path, if anything does. */
  remove(path: readonly string[]): void {
    let node = this.#root;
    for (const key of path.slice(0, -1)) {
      const next = node.get(key);
      if (next === undefined) return;
      const opened = next instanceof Map ? next : openObject(next);
      node.set(key, opened);
      node = opened;
    }
    node.delete(path.at(-1) ?? '');
  }

  /** Its own keys with the JSON text of each. */
  *entries(): Iterable<readonly [key: string, json: string]> {
    for (const [key, node] of this.#root) yield [key, textOf(node)];
  }

  toJson(): string {
    return textOf(this.#root);
  }
}

function textOf(node: Node): string {
  if (typeof node === 'string') return node;
  let text = '{';
  for (const [key, child] of node) text += `${text.length > 1 ? ',' : ''}${JSON.stringify(key)}:${textOf(child)}`;
  return `${text}}`;
}

/** A node that can hold keys: the members of an object that came as text, else empty. */
function openObject(node: Node | undefined): Map<string, Node> {
  const value = typeof node === 'string' && node.startsWith('{') ? parseLoosely(node) : null;
  if (typeof value !== 'object' || value === null) return new Map();
  return new Map(Object.entries(value).map(([key, member]) => [key, JSON.stringify(member)]));
}
