const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P'] as const;

/**
 * A finite number with so many significant digits and the SI prefix that keeps it below a thousand: `12.35 k` for 12,345 and
 * four digits. `space` stands before the prefix; a number below a thousand has neither.
 */
export function siNumber(value: number, digits: number, space: string): string {
  let power = 0;
  let rest = value;
  while (Math.abs(rest) >= 999.5 && power < PREFIXES.length - 1) {
    rest /= 1_000;
    power++;
  }
  const text = String(Number(rest.toPrecision(digits)));
  return power === 0 ? text : `${text}${space}${PREFIXES[power] ?? ''}`;
}
