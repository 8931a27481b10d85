const SI = ['', ' k', ' M', ' G', ' T', ' P'] as const;

/** A number for people: four significant digits, thousands as k, M, G: `12.35 k`, `0.001235`, `500`. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e18)) return value.toExponential(2);
  const power = size < 10_000 ? 0 : Math.min(SI.length - 1, Math.floor(Math.log10(size) / 3));
  return `${Number((value / 1_000 ** power).toPrecision(4))}${SI[power]}`;
}
