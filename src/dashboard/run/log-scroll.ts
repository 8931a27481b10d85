export const LINE_HEIGHT = 18;
/** Browsers lay out nothing taller than some ten million pixels: beyond this a pixel of the scrollbar is more than a pixel of log. */
const HEIGHT_MAX = 8_000_000;

/** A log of `count` lines in a window of `height` pixels. */
export interface Scroll {
  readonly count: number;
  readonly height: number;
}

/** How tall the scrolled content is made. */
export function scrollHeight({ count }: Scroll): number {
  return Math.min(count * LINE_HEIGHT, HEIGHT_MAX);
}

/** The line at the window's top, with its fraction that is scrolled away. */
export function lineAt(scroll: Scroll, scrollTop: number): number {
  const room = scrollHeight(scroll) - scroll.height;
  const lines = scroll.count - scroll.height / LINE_HEIGHT;
  if (room <= 0 || lines <= 0) return 0;
  return (Math.min(Math.max(0, scrollTop), room) / room) * lines;
}

/** The scroll position that brings a line to the window's top, as far as there is log below it. */
export function offsetOf(scroll: Scroll, line: number): number {
  const room = scrollHeight(scroll) - scroll.height;
  const lines = scroll.count - scroll.height / LINE_HEIGHT;
  if (room <= 0 || lines <= 0) return 0;
  return (Math.min(line, lines) / lines) * room;
}
