import { Signal, useSignal } from '../data/signal.ts';

export type Theme = 'dark' | 'light';
const REMEMBERED = 'trackside.theme';

const system = window.matchMedia('(prefers-color-scheme: light)');
const chosen = new Signal<Theme | null>(remembered());
const shown = new Signal<Theme>(resolve());
system.addEventListener('change', () => shown.set(resolve()));

function remembered(): Theme | null {
  const { theme } = document.documentElement.dataset;
  return theme === 'dark' || theme === 'light' ? theme : null;
}

function resolve(): Theme {
  return chosen.value ?? (system.matches ? 'light' : 'dark');
}

/** Dark or light: what was chosen here before, else what the system says. */
export function useTheme(): Theme {
  return useSignal(shown);
}

/** The other theme, remembered in this browser; forgotten again when it is what the system says. */
export function toggleTheme(): void {
  const other = shown.value === 'dark' ? 'light' : 'dark';
  const followsSystem = other === (system.matches ? 'light' : 'dark');
  chosen.set(followsSystem ? null : other);
  if (followsSystem) delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = other;
  try {
    if (followsSystem) localStorage.removeItem(REMEMBERED);
    else localStorage.setItem(REMEMBERED, other);
  } catch {
    // Storage may be forbidden: the choice then lasts as long as the page.
  }
  shown.set(other);
}
