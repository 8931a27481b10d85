/** What a `Range` header asks for: the whole (null), bytes `start` up to and excluding `end`, or what the file does not have. */
export type AskedRange = { readonly start: number; readonly end: number } | 'unsatisfiable' | null;

/** Reads a `Range` header (RFC 9110, 14.2) for a file of this size. Several ranges, other units and nonsense mean the whole. */
export function parseRange(header: string | undefined, sizeBytes: number): AskedRange {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return null;
  if (first === '') {
    const wanted = Math.min(Number(last), sizeBytes);
    return wanted === 0 ? 'unsatisfiable' : { start: sizeBytes - wanted, end: sizeBytes };
  }
  const start = Number(first);
  const end = last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  if (last !== '' && Number(last) < start) return null;
  return start < sizeBytes ? { start, end } : 'unsatisfiable';
}
