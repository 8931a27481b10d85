import { parseList, type PageSearch } from '../app/page-search.ts';

export type Layout = 'split' | 'table' | 'charts';
/** How many of the first runs of the table charts may show by themselves. */
export const TOPS = [0, 5, 10, 20, 50, 100] as const;
const TOP_DEFAULT = 10;

/** What the address says about a project's page. */
export interface ProjectView {
  readonly filter: string;
  readonly order: string;
  /** Null: chosen by what the runs hold. */
  readonly columns: readonly string[] | null;
  /** Charts show the first `top` runs of the table, without `hide`, and with `show`. */
  readonly top: number;
  readonly show: readonly string[];
  readonly hide: readonly string[];
  readonly layout: Layout;
}

export function readProjectView(search: PageSearch): ProjectView {
  const top = Number(search.top ?? TOP_DEFAULT);
  return {
    filter: search.filter ?? '',
    order: search.order ?? '',
    columns: search.columns === undefined ? null : parseList(search.columns),
    top: TOPS.some((known) => known === top) ? top : TOP_DEFAULT,
    show: parseList(search.show),
    hide: parseList(search.hide),
    layout: search.layout === 'table' || search.layout === 'charts' ? search.layout : 'split',
  };
}

export function printTop(top: number): string | undefined {
  return top === TOP_DEFAULT ? undefined : String(top);
}

/** Ids of the runs that charts show, in the table's order and then in the order they were added. */
export function drawnIds(view: ProjectView, firstIds: readonly string[]): readonly string[] {
  const first = firstIds.slice(0, view.top).filter((id) => !view.hide.includes(id));
  return [...first, ...view.show.filter((id) => !first.includes(id))];
}

/** The view after these runs were switched on or off. */
export function withDrawn(
  view: ProjectView,
  firstIds: readonly string[],
  ids: readonly string[],
  drawn: boolean,
): { show: string[]; hide: string[] } {
  const first = new Set(firstIds.slice(0, view.top));
  const without = (all: readonly string[]) => all.filter((id) => !ids.includes(id));
  return {
    show: [...without(view.show), ...(drawn ? ids.filter((id) => !first.has(id)) : [])],
    hide: [...without(view.hide), ...(drawn ? [] : ids.filter((id) => first.has(id)))],
  };
}
