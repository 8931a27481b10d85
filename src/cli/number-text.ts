import { siNumber } from '../core/base/si-number.ts';

/** A number for people: four significant digits, from ten thousand on with k, M, G: `12.35 k`, `0.001235`, `500`. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e18)) return value.toExponential(2);
  return size < 10_000 ? String(Number(value.toPrecision(4))) : siNumber(value, 4, ' ');
}
