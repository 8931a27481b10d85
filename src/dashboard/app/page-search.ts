/** All that an address may carry behind the `?`: the whole state of a view, so that a copied address shows the same. */
export const SEARCH_NAMES = [
  'filter',
  'order',
  'columns',
  'top',
  'show',
  'hide',
  'layout',
  'find',
  'panel',
  'fold',
  'x',
  'smooth',
  'log',
  'zoom',
  'tab',
  'line',
] as const;
export type SearchName = (typeof SEARCH_NAMES)[number];
export type PageSearch = { readonly [K in SearchName]?: string | undefined };

/** Unknown names and empty values are dropped. Never throws. */
export function parsePageSearch(text: string): PageSearch {
  const given = new URLSearchParams(text);
  const search: Record<string, string> = {};
  for (const name of SEARCH_NAMES) {
    const value = given.get(name);
    if (value !== null && value !== '') search[name] = value;
  }
  return search;
}

/** `?…`, readable where the rules of addresses allow it; the empty string when nothing is set. */
export function printPageSearch(search: PageSearch): string {
  const parts: string[] = [];
  for (const name of SEARCH_NAMES) {
    const value = search[name];
    if (value === undefined || value === '') continue;
    const encoded = encodeURIComponent(value).replaceAll(
      /%(2F|2C|3A|3D|3C|3E|7E|20)/g,
      (code) => READABLE[code] ?? code,
    );
    parts.push(`${name}=${encoded}`);
  }
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

const READABLE: Readonly<Record<string, string>> = {
  '%2F': '/',
  '%2C': ',',
  '%3A': ':',
  '%3D': '=',
  '%7E': '~',
  '%20': '+',
};

/** A list of names in one value: commas between, percent signs and commas inside escaped. */
export function printList(names: readonly string[]): string {
  return names.map((name) => name.replaceAll('%', '%25').replaceAll(',', '%2C')).join(',');
}

export function parseList(text: string | undefined): readonly string[] {
  if (text === undefined || text === '') return [];
  return text.split(',').map((name) => name.replaceAll('%2C', ',').replaceAll('%25', '%'));
}
