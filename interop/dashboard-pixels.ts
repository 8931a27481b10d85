import type { Page } from 'playwright-core';

/** Colours within this sum of differences of red, green and blue count as the same: lines are smoothed at their edges. */
const ALIKE = 24;

/** How many pixels of a panel's canvas have the colour of a CSS variable. */
export function pixelsOf(page: Page, key: string, variable: string): Promise<number> {
  return page.evaluate(
    ({ key, variable, alike }) => {
      const canvas = document.querySelector<HTMLCanvasElement>(`.panel[data-key="${key}"] canvas`);
      const probe = document.createElement('i');
      probe.style.color = `var(${variable})`;
      document.body.append(probe);
      const { color } = getComputedStyle(probe);
      probe.remove();
      const one = new OffscreenCanvas(1, 1).getContext('2d');
      const all = canvas?.getContext('2d');
      if (canvas === null || one === null || all === null || all === undefined) return 0;
      one.fillStyle = color;
      one.fillRect(0, 0, 1, 1);
      const wanted = one.getImageData(0, 0, 1, 1).data;
      const { data } = all.getImageData(0, 0, canvas.width, canvas.height);
      const off = (at: number) => Math.abs((data[at] ?? 0) - (wanted[at % 4] ?? 0));
      let found = 0;
      for (let at = 0; at < data.length; at += 4)
        if (off(at) + off(at + 1) + off(at + 2) < alike && (data[at + 3] ?? 0) > 200) found++;
      return found;
    },
    { key, variable, alike: ALIKE },
  );
}
