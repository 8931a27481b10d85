import { useEffect, useRef } from 'react';

export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** How long the second key of a pair such as `g p` may take. */
const PAIR_MS = 1_000;

/**
 * Calls the function of a key (`/`, `j`) or of a pair (`g p`) while the page has it. Keys typed into fields are left
 * alone, except Escape; so are keys with Ctrl, Alt or Meta.
 */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    let first = '';
    let firstAt = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
      if (event.key !== 'Escape' && isField(event.target)) return;
      const pair = performance.now() - firstAt < PAIR_MS ? `${first} ${event.key}` : '';
      const call = latest.current[pair] ?? latest.current[event.key];
      first = event.key;
      firstAt = performance.now();
      if (call === undefined) return;
      if (event.key !== 'Escape') event.preventDefault();
      call(event);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
