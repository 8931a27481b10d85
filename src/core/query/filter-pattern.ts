import { Refusal } from '../model/refusal.ts';
import { isWord, type Pattern, parsePattern } from './filter-pattern-parse.ts';

/** Nodes of an automaton; a pattern that needs more is refused. */
const NODES_MAX = 4_000;
/** States that are remembered; then the memory starts anew, so that no text can fill it. */
const STATES_MAX = 1_000;
const END = -1;
const FOUND = Symbol('found');

type Node =
  | { readonly is: 'char'; readonly test: (code: number) => boolean; readonly next: number }
  | { readonly is: 'at'; readonly where: string; readonly next: number }
  | { readonly is: 'fork'; readonly to: number[] }
  | { readonly is: 'found' };

/** A set of nodes and what stood before it; its steps are worked out when they are first taken. */
interface State {
  readonly nodes: readonly number[];
  readonly before: 'start' | 'word' | 'other';
  readonly steps: Map<number, State | typeof FOUND>;
}

/**
 * Makes a test that says whether the pattern matches anywhere in a text, in time linear in the text's length whatever the
 * pattern (Thompson's construction, its states remembered). Syntax and refusals: `parsePattern`.
 */
export function compilePattern(pattern: string): (text: string) => boolean {
  const automaton = new Automaton(parsePattern(pattern));
  return (text) => automaton.matches(text);
}

class Automaton {
  readonly #nodes: Node[] = [{ is: 'found' }];
  readonly #first: number;
  #states = new Map<string, State>();

  constructor(pattern: Pattern) {
    this.#first = this.#build(pattern, 0);
  }

  matches(text: string): boolean {
    let state = this.#state([this.#first], 'start');
    for (let at = 0; at < text.length;) {
      const code = text.codePointAt(at) as number;
      at += code > 0xffff ? 2 : 1;
      const next = this.#step(state, code);
      if (next === FOUND) return true;
      state = next;
    }
    return this.#step(state, END) === FOUND;
  }

  #step(state: State, code: number): State | typeof FOUND {
    let next = state.steps.get(code);
    if (next === undefined) {
      next = this.#work(state, code);
      if (state.steps.size < STATES_MAX) state.steps.set(code, next);
    }
    return next;
  }

  #work(state: State, code: number): State | typeof FOUND {
    const seen = new Set<number>();
    const open = [...state.nodes];
    const after = new Set<number>();
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      const node = this.#nodes[id] as Node;
      if (node.is === 'found') return FOUND;
      if (node.is === 'fork') open.push(...node.to);
      else if (node.is === 'at' && holds(node.where, state.before, code)) open.push(node.next);
      else if (node.is === 'char' && code !== END && node.test(code)) after.add(node.next);
    }
    after.add(this.#first); // Unanchored: a match may begin at every place.
    return this.#state(
      [...after].sort((a, b) => a - b),
      isWord(code) ? 'word' : 'other',
    );
  }

  #state(nodes: readonly number[], before: State['before']): State {
    const name = `${before} ${nodes.join()}`;
    let state = this.#states.get(name);
    if (state === undefined) {
      if (this.#states.size >= STATES_MAX) this.#states = new Map();
      state = { nodes, before, steps: new Map() };
      this.#states.set(name, state);
    }
    return state;
  }

  /** Adds the nodes of a pattern that goes on at `next`; returns where it begins. */
  #build(pattern: Pattern, next: number): number {
    switch (pattern.is) {
      case 'empty':
        return next;
      case 'char':
        return this.#add({ is: 'char', test: pattern.test, next });
      case 'at':
        return this.#add({ is: 'at', where: pattern.where, next });
      case 'both':
        return this.#build(pattern.left, this.#build(pattern.right, next));
      case 'either':
        return this.#add({ is: 'fork', to: pattern.of.map((part) => this.#build(part, next)) });
      default:
        return this.#repeat(pattern, next);
    }
  }

  #repeat({ what, min, max }: Extract<Pattern, { is: 'repeat' }>, next: number): number {
    let first = next;
    if (max === Infinity) {
      const fork = { is: 'fork' as const, to: [next] };
      first = this.#add(fork);
      fork.to.push(this.#build(what, first));
    } else {
      for (let i = min; i < max; i++) first = this.#add({ is: 'fork', to: [this.#build(what, first), next] });
    }
    for (let i = 0; i < min; i++) first = this.#build(what, first);
    return first;
  }

  #add(node: Node): number {
    if (this.#nodes.length >= NODES_MAX) {
      throw new Refusal('bad_request', 'the pattern repeats too much to be matched; make its {n,m} smaller');
    }
    return this.#nodes.push(node) - 1;
  }
}

function holds(where: string, before: State['before'], code: number): boolean {
  if (where === 'start') return before === 'start';
  if (where === 'end') return code === END;
  const edge = (before === 'word') !== (code !== END && isWord(code));
  return edge === (where === 'word edge');
}
