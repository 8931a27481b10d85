import { SERIES_HUES } from './drawn-run.ts';

/** The tokens as a canvas takes them: resolved for the theme that is shown. */
export interface Paint {
  readonly series: readonly string[];
  readonly grid: string;
  readonly label: string;
  readonly mark: string;
}

let held: { theme: string; paint: Paint } | null = null;

/** Reads the tokens from the page; again only when `theme` is another. */
export function paintOf(theme: string): Paint {
  if (held?.theme === theme) return held.paint;
  const probe = document.createElement('i');
  document.body.append(probe);
  const token = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const paint = {
    series: Array.from({ length: SERIES_HUES }, (_, hue) => token(`series-${hue + 1}`)),
    grid: token('n4'),
    label: token('n10'),
    mark: token('state-failed'),
  };
  probe.remove();
  held = { theme, paint };
  return paint;
}
