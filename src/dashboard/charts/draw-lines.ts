import type { Line } from './line.ts';
import type { Paint } from './paint.ts';
import type { Range } from './range.ts';

/** Where the plotting area lies on the canvas, in its own pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Picture {
  readonly lines: readonly Line[];
  readonly x: Range;
  readonly y: Range;
  readonly logX: boolean;
  readonly logY: boolean;
}

type ToPixel = (value: number) => number;

const BAND_OPACITY = 0.14;
const RAW_OPACITY = 0.25;
const BRIDGE_OPACITY = 0.35;
/** With more curves than this, bands and raw values would cover each other: only the one that stands out has them. */
const FULL_MAX = 6;
/** More curves than this are drawn thinner. */
const CROWD = 24;
/** Up to this many places each value gets a dot. */
const DOTTED_MAX = 40;

/** Draws all curves: columns in, pixels out, nothing kept. `ratio` is canvas pixels per CSS pixel. */
export function drawLines(
  canvas: CanvasRenderingContext2D,
  area: Area,
  ratio: number,
  picture: Picture,
  paint: Paint,
): void {
  const [toX, toY] = begin(canvas, area, picture);
  const full = picture.lines.length <= FULL_MAX;
  const crowded = picture.lines.length > CROWD;
  for (const line of picture.lines) {
    const { hue, dash } = line.run;
    canvas.strokeStyle = canvas.fillStyle = paint.series[hue] ?? paint.label;
    const firm = { opacity: 1, width: (crowded ? 1 : 1.5) * ratio, dash: dash.map((part) => part * ratio) };
    if (full) drawBehind(canvas, line, toX, toY, ratio);
    drawCurve(canvas, line, line.smooth ?? line.mean, toX, toY, firm);
    if (line.x.length <= DOTTED_MAX) drawDots(canvas, line, toX, toY, ratio);
  }
  drawOdd(canvas, picture, area, toX, ratio, paint);
  canvas.restore();
}

/** Draws one curve over the others, which the caller has faded: stronger, and never dashed. */
export function drawOutstanding(
  canvas: CanvasRenderingContext2D,
  area: Area,
  ratio: number,
  picture: Picture,
  line: Line,
  paint: Paint,
): void {
  const [toX, toY] = begin(canvas, area, picture);
  canvas.strokeStyle = canvas.fillStyle = paint.series[line.run.hue] ?? paint.label;
  drawBehind(canvas, line, toX, toY, ratio);
  drawCurve(canvas, line, line.smooth ?? line.mean, toX, toY, { opacity: 1, width: 2 * ratio, dash: [] });
  if (line.x.length <= DOTTED_MAX) drawDots(canvas, line, toX, toY, ratio);
  canvas.restore();
}

/** Saves the canvas and keeps all drawing inside the area; the caller restores it. */
function begin(canvas: CanvasRenderingContext2D, area: Area, picture: Picture): readonly [ToPixel, ToPixel] {
  canvas.save();
  canvas.beginPath();
  canvas.rect(area.left, area.top, area.width, area.height);
  canvas.clip();
  canvas.lineJoin = 'round';
  return [
    scale(picture.x, picture.logX, area.left, area.width),
    scale(picture.y, picture.logY, area.top + area.height, -area.height),
  ];
}

function scale(range: Range, log: boolean, start: number, length: number): ToPixel {
  if (!log) {
    const factor = length / (range.max - range.min);
    return (value) => start + (value - range.min) * factor;
  }
  const bottom = Math.log(range.min);
  const factor = length / (Math.log(range.max) - bottom);
  return (value) => (value > 0 ? start + (Math.log(value) - bottom) * factor : NaN);
}

/** What lies behind a curve: the band of the values that each place stands for, and those before smoothing. */
function drawBehind(canvas: CanvasRenderingContext2D, line: Line, toX: ToPixel, toY: ToPixel, ratio: number): void {
  if (line.bundled && line.ordered) drawBand(canvas, line, toX, toY);
  if (line.smooth !== null)
    drawCurve(canvas, line, line.mean, toX, toY, { opacity: RAW_OPACITY, width: ratio, dash: [] });
}

/** Only for a curve that never goes back: elsewhere the band would cross itself and say nothing. */
function drawBand(canvas: CanvasRenderingContext2D, line: Line, toX: ToPixel, toY: ToPixel): void {
  const { x, low, high, joint } = line;
  const bottom = toY(Number.MIN_VALUE);
  const foot = (value: number) => {
    const at = toY(value);
    return Number.isNaN(at) ? bottom : at;
  };
  canvas.globalAlpha = BAND_OPACITY;
  canvas.beginPath();
  for (let start = 0; start < x.length;) {
    let end = start + 1;
    while (end < x.length && joint[end] !== 1) end++;
    canvas.moveTo(toX(x[start] as number), foot(high[start] as number));
    for (let at = start + 1; at < end; at++) canvas.lineTo(toX(x[at] as number), foot(high[at] as number));
    for (let at = end - 1; at >= start; at--) canvas.lineTo(toX(x[at] as number), foot(low[at] as number));
    canvas.closePath();
    start = end;
  }
  canvas.fill();
}

interface Stroke {
  readonly opacity: number;
  readonly width: number;
  readonly dash: readonly number[];
}

function drawCurve(
  canvas: CanvasRenderingContext2D,
  line: Line,
  values: Float64Array,
  toX: ToPixel,
  toY: ToPixel,
  stroke: Stroke,
): void {
  const { x, joint } = line;
  const bridges: [number, number, number, number][] = [];
  canvas.globalAlpha = stroke.opacity;
  canvas.lineWidth = stroke.width;
  canvas.setLineDash([...stroke.dash]);
  canvas.beginPath();
  let down = false;
  let beforeX = 0;
  let beforeY = 0;
  for (let at = 0; at < x.length; at++) {
    const left = toX(x[at] as number);
    const top = toY(values[at] as number);
    if (Number.isNaN(left) || Number.isNaN(top)) {
      down = false;
      continue;
    }
    if (down && joint[at] === 2) bridges.push([beforeX, beforeY, left, top]);
    if (down && joint[at] === 0) canvas.lineTo(left, top);
    else canvas.moveTo(left, top);
    down = true;
    beforeX = left;
    beforeY = top;
  }
  canvas.stroke();
  if (bridges.length === 0) return;
  canvas.globalAlpha = stroke.opacity * BRIDGE_OPACITY;
  canvas.lineWidth = stroke.width / 1.5;
  canvas.setLineDash([stroke.width * 2, stroke.width * 2]);
  canvas.beginPath();
  for (const [fromX, fromY, left, top] of bridges) {
    canvas.moveTo(fromX, fromY);
    canvas.lineTo(left, top);
  }
  canvas.stroke();
}

function drawDots(canvas: CanvasRenderingContext2D, line: Line, toX: ToPixel, toY: ToPixel, ratio: number): void {
  const values = line.smooth ?? line.mean;
  canvas.globalAlpha = 1;
  for (let at = 0; at < line.x.length; at++) {
    canvas.beginPath();
    canvas.arc(toX(line.x[at] as number), toY(values[at] as number), 2 * ratio, 0, 2 * Math.PI);
    canvas.fill();
  }
}

/** Ticks at the foot: values that are no number, infinite, or not above zero on a log axis. */
function drawOdd(
  canvas: CanvasRenderingContext2D,
  picture: Picture,
  area: Area,
  toX: ToPixel,
  ratio: number,
  paint: Paint,
): void {
  const foot = area.top + area.height;
  canvas.globalAlpha = 1;
  canvas.setLineDash([]);
  canvas.lineWidth = 1.5 * ratio;
  canvas.strokeStyle = paint.mark;
  canvas.beginPath();
  const tick = (x: number) => {
    canvas.moveTo(toX(x), foot);
    canvas.lineTo(toX(x), foot - 6 * ratio);
  };
  for (const line of picture.lines) {
    for (const { x } of line.odd) tick(x);
    if (picture.logY)
      for (let at = 0; at < line.x.length; at++) if ((line.high[at] as number) <= 0) tick(line.x[at] as number);
  }
  canvas.stroke();
}
