const POWERS = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));
/** Veltkamp's constant, 2^27 + 1: splits a double into two halves whose products are exact. */
const SPLIT = 134_217_729;

/**
 * The double nearest to `(head * 10^tailDigits + tail) * 10^exponent`, correctly rounded, or NaN when this method cannot
 * tell (the caller then asks `Number`). `head` is an integer below 10^15, `tail` one of `tailDigits` (0 to 4) digits.
 *
 * Below 2^53 the integer and a power of ten up to 10^22 are exact, so one operation rounds once. Longer ones, which is
 * what noisy doubles print as, are divided in double-double arithmetic, whose error is far below half a unit in the last
 * place; the rare result that lies too near a tie is not decided here.
 */
export function decimalToDouble(head: number, tail: number, tailDigits: number, exponent: number): number {
  const scale = POWERS[tailDigits] as number;
  const high = head * scale;
  const whole = high + tail;
  if (whole < 9_007_199_254_740_992) {
    if (exponent === 0) return whole;
    if (exponent < 0) return exponent < -22 ? (whole === 0 ? 0 : NaN) : whole / (POWERS[-exponent] as number);
    return exponent > 22 ? (whole === 0 ? 0 : NaN) : whole * (POWERS[exponent] as number);
  }
  if (exponent > 0 || exponent < -22) return NaN;

  // The integer as an unevaluated sum: head * scale is rounded, its error is found exactly, the tail is added to it.
  let c = SPLIT * head;
  const headHigh = c - (c - head);
  const headLow = head - headHigh;
  let low = headHigh * scale - high + headLow * scale; // scale has at most 14 bits: these products are exact
  low += tail;
  const sum = high + low;
  const rest = low - (sum - high);

  // One long-division step by the power: the remainder is exact, so its quotient mends the first one.
  const power = POWERS[-exponent] as number;
  const quotient = sum / power;
  c = SPLIT * quotient;
  const quotientHigh = c - (c - quotient);
  const quotientLow = quotient - quotientHigh;
  c = SPLIT * power;
  const powerHigh = c - (c - power);
  const powerLow = power - powerHigh;
  const product = quotient * power;
  const error =
    quotientLow * powerLow - (product - quotientHigh * powerHigh - quotientLow * powerHigh - quotientHigh * powerLow);
  const mend = (sum - product - error + rest) / power;
  const doubt = quotient * 2 ** -98;
  const below = quotient + (mend - doubt);
  return below === quotient + (mend + doubt) ? below : NaN;
}
