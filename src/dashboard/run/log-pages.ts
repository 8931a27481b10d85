import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { client } from '../data/client.ts';
import type { ConsoleLine, RunName } from '../data/queries.ts';

const PAGE_LINES = 500;
const FOUND_MAX = 5_000;
/** What a download asks for at once. */
const DOWNLOAD_LINES = 10_000;

function page({ entity, project, run }: RunName, index: number) {
  return {
    queryKey: ['console', entity, project, run, index] as const,
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      client.call(
        'console',
        { at: { entity, project, run }, query: { from: index * PAGE_LINES, limit: PAGE_LINES } },
        signal,
      ),
  };
}

export interface LogPages {
  /** Lines in all; undefined before the first answer. */
  readonly total: number | undefined;
  /** A line by its number: undefined while it is on its way, null where it never came. */
  line(number: number): ConsoleLine | null | undefined;
  readonly error: string | null;
}

/** The log by pages of 500 lines: those on screen, and the last one, which says how many there are. */
export function useLogPages(name: RunName, first: number, last: number, known: number): LogPages {
  const end = Math.max(0, Math.floor((known - 1) / PAGE_LINES));
  const from = Math.max(0, Math.floor(first / PAGE_LINES));
  const to = Math.max(from, Math.floor(last / PAGE_LINES));
  const indexes = [...new Set([...Array.from({ length: to - from + 1 }, (_, at) => from + at), end])];
  const answers = useQueries({ queries: indexes.map((index) => page(name, index)) });
  const lines = new Map<number, ConsoleLine>();
  const loaded = new Set<number>();
  let total: number | undefined;
  let error: string | null = null;
  for (const [at, index] of indexes.entries()) {
    const answer = answers[at];
    error ??= answer?.error?.message ?? null;
    if (answer?.data === undefined) continue;
    total = Math.max(total ?? 0, answer.data.total);
    loaded.add(index);
    for (const line of answer.data.lines) lines.set(line.number, line);
  }
  return {
    total,
    error,
    line: (number) => lines.get(number) ?? (loaded.has(Math.floor(number / PAGE_LINES)) ? null : undefined),
  };
}

/** Lines that hold the text, the first thousands of them; nothing is asked for an empty text. */
export function useFoundLines({ entity, project, run }: RunName, search: string) {
  return useQuery({
    queryKey: ['console', entity, project, run, 'search', search] as const,
    queryFn: ({ signal }) =>
      client.call('console', { at: { entity, project, run }, query: { from: 0, limit: FOUND_MAX, search } }, signal),
    enabled: search !== '',
    placeholderData: keepPreviousData,
  });
}

/** The whole log as text, as the program wrote it. */
export async function wholeLog({ entity, project, run }: RunName): Promise<string> {
  let text = '';
  for (let from = 0; ; from += DOWNLOAD_LINES) {
    const { lines, total } = await client.call('console', {
      at: { entity, project, run },
      query: { from, limit: DOWNLOAD_LINES },
    });
    for (const line of lines) text += `${line.text}\n`;
    if (from + DOWNLOAD_LINES >= total) return text;
  }
}
