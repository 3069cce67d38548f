/**
 * The chart of context sizes, drawn by uPlot in the colours of the page.
 *
 * @module
 */

import { colorsOf } from "../../state/theme.ts";
import uPlot from "uplot";
import { bytesOf } from "../../ui/figures.ts";
import type { Layer } from "./chart_layers.ts";

/** The data of a chart. */
export interface Drawing {
  readonly layers: readonly Layer[];
  /** Indexes of the requests before which a compaction was installed. */
  readonly compacted: readonly number[];
  /** Called with the index of the request under the pointer; null when there is none. */
  readonly onHover: (index: number | null) => void;
}

const HEIGHT = 230;
/** Maximum number of bars with an outline; more are too thin. */
const MAX_OUTLINED = 60;
/** Steps of sizes: powers of two, so that labels are round in bytes, KiB and MiB. */
const SIZE_STEPS: number[] = Array.from({ length: 40 }, (_, i) => 2 ** i);

/** Draws a chart into `host`; the returned function removes it. */
export function drawChart(host: HTMLElement, drawing: Drawing): () => void {
  let chart = newChart(host, drawing);
  const watcher = new ResizeObserver(() => {
    const { clientWidth: width } = host;
    // It is called once for the size that the chart was drawn with.
    if (width > 0 && width !== chart.width) {
      chart.setSize({ width, height: HEIGHT });
    }
  });
  watcher.observe(host);
  const redraw = () => {
    chart.destroy();
    chart = newChart(host, drawing);
  };
  document.addEventListener("themechange", redraw);
  return () => {
    document.removeEventListener("themechange", redraw);
    watcher.disconnect();
    chart.destroy();
  };
}

function newChart(host: HTMLElement, drawing: Drawing): uPlot {
  const { layers, compacted, onHover } = drawing;
  const count = layers[0]?.bytes.length ?? 0;
  const colour = colorsOf(host);
  const xs = Array.from({ length: count }, (_, i) => i + 1);
  // Lower layers are drawn later, over the upper ones.
  const downwards = layers.toReversed();
  return new uPlot(
    {
      width: Math.max(200, host.clientWidth),
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { time: false, range: (_, min, max) => [min - 0.5, max + 0.5] },
        y: { range: (_, __, max) => [0, max * 1.05 || 1] },
      },
      axes: axesIn(colour),
      series: [{}, ...downwards.map((layer) => series(layer, count, colour))],
      hooks: {
        draw: [(chart) => markCompactions(chart, compacted, colour)],
        setCursor: [({ cursor }) => onHover(cursor.idx ?? null)],
      },
    },
    [xs, ...downwards.map(({ top }) => [...top])],
    host,
  );
}

function axesIn(colour: Colour): uPlot.Axis[] {
  return [
    axis(colour, { size: 30, values: (_, ticks) => ticks.map(integerLabel) }),
    axis(colour, {
      size: 72,
      incrs: SIZE_STEPS,
      values: (_, ticks) => ticks.map((tick) => bytesOf(tick)),
    }),
  ];
}

function series(
  { place, source }: Layer,
  count: number,
  colour: Colour,
): uPlot.Series {
  return {
    label: source,
    ...(count > MAX_OUTLINED
      ? { width: 0, paths: steps }
      : { stroke: colour("--surface"), width: 1, paths: bars() }),
    fill: colour(`--src-${place}`),
    points: { show: false },
  };
}

/** The area of bars without outlines. Drawn as bars, hundreds of them take a fifth of a second. */
function steps(
  chart: uPlot,
  series: number,
  first: number,
  last: number,
): uPlot.Series.Paths {
  const fill = new Path2D();
  const x = (at: number) => Math.round(chart.valToPos(at, "x", true));
  const y = (at: number) => Math.round(chart.valToPos(at, "y", true));
  fill.moveTo(x(first + 0.5), y(0));
  for (let i = first; i <= last; i++) {
    const top = y(chart.data[series]?.[i] ?? 0);
    fill.lineTo(x(i + 0.5), top);
    fill.lineTo(x(i + 1.5), top);
  }
  fill.lineTo(x(last + 1.5), y(0));
  return { fill };
}

/** Bars of equal width: there is nothing to show between two requests. */
function bars(): uPlot.Series.PathBuilder {
  const { bars: build } = uPlot.paths;
  if (build === undefined) throw new Error("the chart engine has no bars");
  return build({ size: [1, 1000], gap: 0 });
}

type Colour = ReturnType<typeof colorsOf>;

function axis(colour: Colour, own: uPlot.Axis): uPlot.Axis {
  return {
    stroke: colour("--faint"),
    font: "11px system-ui, sans-serif",
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1, size: 4 },
    ...own,
  };
}

function integerLabel(tick: number): string {
  return Number.isInteger(tick) ? String(tick) : "";
}

/** A dashed line with a label where a compaction was installed. */
function markCompactions(
  { ctx, bbox, valToPos }: uPlot,
  compacted: readonly number[],
  colour: Colour,
): void {
  ctx.save();
  ctx.strokeStyle = colour("--kind-compaction");
  ctx.fillStyle = colour("--kind-compaction");
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.font = `600 ${11 * devicePixelRatio}px system-ui, sans-serif`;
  for (const index of compacted) {
    const x = valToPos(index + 0.5, "x", true);
    ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    if (compacted.length <= 12) {
      const right = x > bbox.left + bbox.width * 0.8;
      ctx.textAlign = right ? "right" : "left";
      const gap = (right ? -4 : 4) * devicePixelRatio;
      ctx.fillText("compacted", x + gap, bbox.top + 12 * devicePixelRatio);
    }
  }
  ctx.restore();
}
