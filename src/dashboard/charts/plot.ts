import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Axis } from '../../core/query/series.ts';
import { TIME_STEPS, tickTexts } from './axis-text.ts';
import { drawLines, drawOutstanding, type Picture } from './draw-lines.ts';
import { paintOf } from './paint.ts';
import { logTicks } from './log-ticks.ts';
import type { Range } from './range.ts';
import { tickText } from '../words/number.ts';

export interface PlotEvents {
  /** The pointer stands over the plot: its place in the window and on the axes; null when it has left. */
  point(at: { left: number; top: number; x: number; y: number } | null): void;
  /** A part of the x axis was chosen by dragging. */
  zoom(range: Range): void;
  /** Double click: back to everything. */
  reset(): void;
}

export interface PlotOptions {
  readonly axis: Axis;
  readonly logX: boolean;
  readonly logY: boolean;
  readonly theme: string;
  /** Plots with one key share the crosshair. */
  readonly share: string;
}

/** Our own places for labels, all of them shown. */
const LOG_AXIS: Pick<uPlot.Axis, 'splits' | 'filter'> = {
  splits: (_, __, min, max) => logTicks(min, max),
  filter: (_, splits) => splits,
};
const FADED_OPACITY = 0.22;
const FONT = '11px "Inter Variable", system-ui, sans-serif';
const LETTER_WIDTH = 6;
/** Room right of the plotting area. */
const EDGE = 8;
const AXIS_WIDTH = 46;
const AXIS_HEIGHT = 20;

/**
 * One chart on the page: axes, grid, crosshair and selection are uPlot's, the curves are ours, because each run has places
 * of its own on x. The owner disposes of it.
 */
export class Plot {
  readonly #plot: uPlot;
  readonly #theme: string;
  #picture: Picture | null = null;
  /** The run that stands out while the others fade; null: all alike. */
  #emphasis: string | null = null;
  #frame: number | null = null;
  /** All curves as drawn last, so that letting another run stand out costs one curve. */
  readonly #layer = document.createElement('canvas');
  #layerOf: Picture | null = null;

  constructor(parent: HTMLElement, width: number, height: number, options: PlotOptions, events: PlotEvents) {
    this.#theme = options.theme;
    const paint = paintOf(options.theme);
    const grid = { stroke: paint.grid, width: 1 };
    const seconds = options.axis.kind === 'relative' || options.axis.kind === 'wall';
    this.#plot = new uPlot(
      {
        width,
        height,
        padding: [4, EDGE, 0, 0],
        legend: { show: false },
        scales: {
          x: { time: false, auto: false, distr: options.logX ? 3 : 1, range: (_, min, max) => [min, max] },
          y: { auto: false, distr: options.logY ? 3 : 1, range: (_, min, max) => [min, max] },
        },
        series: [{}, { paths: () => null, points: { show: false } }],
        axes: [
          {
            stroke: paint.label,
            font: FONT,
            size: AXIS_HEIGHT,
            gap: 4,
            space: Math.max(64, width / 6),
            ...(options.logX ? LOG_AXIS : seconds ? { incrs: [...TIME_STEPS] } : {}),
            values: (plot, splits) =>
              tickTexts(options.axis, splits).map((text, at) => inWidth(plot, splits[at], text)),
            grid,
            ticks: { show: false },
          },
          {
            stroke: paint.label,
            font: FONT,
            size: AXIS_WIDTH,
            gap: 4,
            space: Math.max(28, height / 6),
            ...(options.logY ? LOG_AXIS : {}),
            values: (plot, splits) => splits.map((value) => (isInHeight(plot, value) ? tickText(value) : '')),
            grid,
            ticks: { show: false },
          },
        ],
        cursor: {
          y: false,
          points: { show: false },
          drag: { x: true, y: false, setScale: false, dist: 4 },
          sync: { key: options.share, scales: ['x', null], setSeries: false, filters: { pub: isMove, sub: isMove } },
          bind: {
            dblclick: () => () => {
              events.reset();
              return null;
            },
          },
        },
        hooks: {
          draw: [() => this.#draw()],
          setSelect: [
            (plot) => {
              const { left, width: chosen } = plot.select;
              if (chosen < 2) return;
              const range = { min: plot.posToVal(left, 'x'), max: plot.posToVal(left + chosen, 'x') };
              plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
              events.zoom(range);
            },
          ],
        },
      },
      [[0, 1], [null, null] as unknown as number[]],
      parent,
    );
    const { over } = this.#plot;
    over.addEventListener('mousemove', (event) => {
      const box = over.getBoundingClientRect();
      const [left, top] = [event.clientX - box.left, event.clientY - box.top];
      const at = { x: this.#plot.posToVal(left, 'x'), y: this.#plot.posToVal(top, 'y') };
      events.point({ left: event.clientX, top: event.clientY, ...at });
    });
    over.addEventListener('mouseleave', () => events.point(null));
    void document.fonts.ready.then(() => this.#plot.redraw(false, true));
  }

  /** Lets this run stand out, or none; drawn with the next frame, however often it changes before. */
  standOut(run: string | null): void {
    if (run === this.#emphasis) return;
    this.#emphasis = run;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#plot.redraw(false, false);
    });
  }

  /** Draws at once. */
  show(picture: Picture): void {
    this.#picture = picture;
    const { x, y } = this.#plot.scales;
    if (x?.min === picture.x.min && x.max === picture.x.max && y?.min === picture.y.min && y.max === picture.y.max)
      this.#plot.redraw(false, false);
    else
      this.#plot.batch(() => {
        this.#plot.setScale('x', picture.x);
        this.#plot.setScale('y', picture.y);
      });
  }

  #draw(): void {
    const picture = this.#picture;
    if (picture === null) return;
    const { ctx, bbox } = this.#plot;
    const paint = paintOf(this.#theme);
    const outstanding = picture.lines.find((line) => line.run.id === this.#emphasis);
    ctx.save();
    ctx.globalAlpha = outstanding === undefined ? 1 : FADED_OPACITY;
    ctx.drawImage(this.#drawnLayer(picture), 0, 0);
    ctx.restore();
    if (outstanding !== undefined) drawOutstanding(ctx, bbox, uPlot.pxRatio, picture, outstanding, paint);
  }

  #drawnLayer(picture: Picture): HTMLCanvasElement {
    const { ctx, bbox } = this.#plot;
    const { width, height } = ctx.canvas;
    if (this.#layerOf === picture && this.#layer.width === width && this.#layer.height === height) return this.#layer;
    // Setting the size also wipes the layer.
    this.#layer.width = width;
    this.#layer.height = height;
    this.#layerOf = picture;
    const layer = this.#layer.getContext('2d');
    if (layer !== null) drawLines(layer, bbox, uPlot.pxRatio, picture, paintOf(this.#theme));
    return this.#layer;
  }

  resize(width: number, height: number): void {
    if (this.#plot.width !== width || this.#plot.height !== height) this.#plot.setSize({ width, height });
  }

  dispose(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#plot.destroy();
  }
}

function isMove(type: string): boolean {
  return type === 'mousemove' || type === 'mouseleave';
}

/** The text of a place on x, or nothing where the chart's edge would cut it. */
function inWidth(plot: uPlot, place: number | undefined, text: string): string {
  const half = (text.length * LETTER_WIDTH) / 2;
  const right = plot.bbox.width / uPlot.pxRatio + EDGE;
  return plot.valToPos(place ?? NaN, 'x') + half <= right ? text : '';
}

function isInHeight(plot: uPlot, value: number | null): value is number {
  return value !== null && plot.valToPos(value, 'y') >= LETTER_WIDTH / 2;
}
