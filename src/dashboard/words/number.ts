import { siNumber } from '../../core/base/si-number.ts';

const NARROW = '\u202f';

/** A metric's value as people read it: four significant digits, an exponent only where it is shorter. */
export function valueText(value: number | string | null | undefined): string {
  if (value === null || value === undefined) return '';
  const number = typeof value === 'string' ? Number(value) : value;
  if (Number.isNaN(number)) return 'NaN';
  if (!Number.isFinite(number)) return number > 0 ? '∞' : '−∞';
  if (number === 0) return '0';
  const size = Math.abs(number);
  if (Number.isInteger(number) && size < 1e6) return minus(String(number));
  if (size >= 1e6 || size < 1e-4)
    return minus(
      number
        .toExponential(3)
        .replace(/\.?0+e/, 'e')
        .replace('e+', 'e'),
    );
  return minus(String(Number(number.toPrecision(4))));
}

/** The same for a column of values, where zeros at the end keep the points under each other: "0.7600". */
export function columnText(value: number | string): string {
  const size = Math.abs(Number(value));
  if (Number.isInteger(size) || !(size >= 0.01 && size < 10_000)) return valueText(value);
  return minus(Number(value).toPrecision(4));
}

/** A count of steps, rows or lines: exact below 10,000, then SI ("1.2 M"). */
export function countText(count: number): string {
  if (Math.abs(count) < 10_000) return minus(String(Math.round(count * 100) / 100));
  return siText(count, 3);
}

/** An axis label: as few digits as it needs, SI from ten thousand on. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 1e-4))
    return minus(value.toExponential(1).replace('.0e', 'e').replace('e+', 'e'));
  if (size >= 10_000) return siText(value, 6);
  return minus(String(Number(value.toPrecision(6))));
}

function siText(value: number, digits: number): string {
  return minus(siNumber(value, digits, NARROW));
}

/** Bytes in SI units, as disks are sold and Chromium shows them. */
export function bytesText(bytes: number): string {
  return bytes < 1000 ? `${bytes}${NARROW}B` : `${siText(bytes, 3)}B`;
}

/** "1 run", "3 runs". */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

function minus(text: string): string {
  return text.replace('-', '−');
}
