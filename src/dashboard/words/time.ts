const NARROW = '\u202f';

/** A span of seconds in at most two units: "2 h 41 m", "41 m 12 s", "8.2 s". */
export function durationText(seconds: number): string {
  if (!Number.isFinite(seconds)) return '';
  if (seconds < 0) return `−${durationText(-seconds)}`;
  const unit = (value: number, name: string) => `${value}${NARROW}${name}`;
  if (seconds < 10) return unit(Number(seconds.toFixed(1)), 's');
  const whole = Math.round(seconds);
  if (whole < 60) return unit(whole, 's');
  if (whole < 3600) return `${unit(Math.floor(whole / 60), 'm')} ${unit(whole % 60, 's')}`;
  if (whole < 86_400) return `${unit(Math.floor(whole / 3600), 'h')} ${unit(Math.floor((whole % 3600) / 60), 'm')}`;
  return `${unit(Math.floor(whole / 86_400), 'd')} ${unit(Math.floor((whole % 86_400) / 3600), 'h')}`;
}

/** How long ago, in one unit: "now", "40 s ago", "3 h ago", "12 d ago". Both in milliseconds since the epoch. */
export function agoText(at: number, now: number): string {
  const seconds = Math.max(0, (now - at) / 1000);
  if (seconds < 5) return 'now';
  const [value, unit] =
    seconds < 60
      ? [seconds, 's']
      : seconds < 3600
        ? [seconds / 60, 'm']
        : seconds < 86_400
          ? [seconds / 3600, 'h']
          : [seconds / 86_400, 'd'];
  return `${Math.floor(value as number)}${NARROW}${unit as string} ago`;
}

/** The moment itself in the reader's time zone: "2026-11-22 06:30:05". */
export function momentText(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clockText(at)}`;
}

/** Time of day: "06:30:05". */
export function clockText(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
