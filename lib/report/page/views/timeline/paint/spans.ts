/**
 * Spans: a bar each, with a label where it fits, and the state by shape as well as by colour.
 *
 * Failed bars are hatched and have a cross, cancelled ones a slash; bars without an end are open.
 * Red are only failures that matter: see `isGrave` of a span.
 *
 * @module
 */

import {
  type Block,
  pixels,
  type Share,
  sharesOf,
  visibleBlocks,
} from "../layout/blocks.ts";
import { barTop, type LaneBox } from "../layout/geometry.ts";
import type { Span } from "../layout/scene.ts";
import type { Frame } from "./frame.ts";
import type { Pen, Tone } from "./pen.ts";

/** Minimum width of a bar, in pixels. */
const MIN_WIDTH = 2;
/** Minimum width of a bar with a frame and a soft filling, in pixels. */
const MIN_FRAMED_WIDTH = 7;
const DIMMED = 0.22;
/** Of bars that are too narrow for a frame. */
const SLIVER = 0.72;
/** Of the corners of a frame, and how wide its left edge is, in pixels. */
const RADIUS = 3;

/** Draws the bars of all rows in view, then what is selected, focused or under the pointer. */
export function drawSpans(pen: Pen, frame: Frame): void {
  const { geometry, projection, scrollTop, height } = frame;
  for (const box of geometry.lanes) {
    if (box.bottom < scrollTop || box.top > scrollTop + height) continue;
    box.rows.forEach((row, at) => {
      const y = box.rowsTop + at * box.rowHeight;
      if (y + box.rowHeight < scrollTop || y > scrollTop + height) return;
      for (const block of visibleBlocks(row, projection)) {
        drawBlock(pen, frame, row, block, y, box.barHeight);
      }
    });
  }
  pen.ctx.globalAlpha = 1;
  for (const box of geometry.lanes) drawCompactions(pen, frame, box);
  drawRing(pen, frame, frame.hovered, pen.palette.text, 1);
  drawRing(pen, frame, frame.selected, pen.palette.accent, 2);
  pen.ctx.setLineDash([3, 2]);
  drawRing(pen, frame, frame.focused, pen.palette.focus, 2, 3);
  pen.ctx.setLineDash([]);
}

function drawBlock(
  pen: Pen,
  frame: Frame,
  row: readonly number[],
  block: Block,
  y: number,
  height: number,
): void {
  const index = row[block.first] ?? -1;
  const span = frame.projection.packed.scene.spans[index];
  if (span === undefined) return;
  const { width } = frame.projection.view;
  const x0 = Math.max(block.x0, -4);
  const x1 = Math.max(Math.min(block.x1, width + 4), x0 + MIN_WIDTH);
  const bar = { x: x0, y, width: x1 - x0, height };
  const dimmed = frame.dimmed(index);
  const alpha = dimmed ? DIMMED : 1;
  pen.ctx.globalAlpha = alpha;
  if (bar.width < MIN_FRAMED_WIDTH || block.last > block.first) {
    if (span.isGrave) drawGraveSliver(pen, bar);
    else {
      pen.ctx.globalAlpha = alpha * SLIVER;
      drawSliver(pen, bar, sharesOf(row, block, frame.projection));
    }
  } else {
    drawBar(pen, span, bar);
    if (!dimmed && bar.height > 10) drawLabel(pen, frame, index, span, bar);
  }
}

/** A line over the full height of the lane where a compaction was installed. */
function drawCompactions(pen: Pen, { projection }: Frame, box: LaneBox): void {
  const { strong } = pen.palette.kinds.compaction;
  pen.ctx.setLineDash([2, 3]);
  for (const span of projection.packed.compactions[box.lane] ?? []) {
    const [, x] = pixels(span, projection);
    if (x < 0 || x > projection.view.width) continue;
    pen.line([x, box.rowsTop - 6], [x, box.bottom - 2], strong, 1.5);
  }
  pen.ctx.setLineDash([]);
}

interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function toneOf(pen: Pen, span: Span): Tone {
  return span.isGrave ? pen.palette.bad : pen.palette.kinds[span.kind];
}

/**
 * Draws a bar that is too narrow for a frame: the colours of the kinds in it, each as high as its
 * part of the time.
 */
function drawSliver(pen: Pen, bar: Bar, shares: readonly Share[]): void {
  let { y } = bar;
  for (const [kind, part] of shares) {
    const { strong } = pen.palette.kinds[kind];
    pen.fill(bar.x, y, bar.width, bar.height * part, strong);
    y += bar.height * part;
  }
}

/** Draws a narrow failure that matters, with a mark on top that is always visible. */
function drawGraveSliver(pen: Pen, bar: Bar): void {
  const { ctx, palette } = pen;
  const middle = bar.x + bar.width / 2;
  pen.fill(bar.x, bar.y, bar.width, bar.height, palette.bad.strong);
  ctx.beginPath();
  ctx.moveTo(middle - 4, bar.y - 2);
  ctx.lineTo(middle + 4, bar.y - 2);
  ctx.lineTo(middle, bar.y + 5);
  ctx.fill();
}

function drawBar(pen: Pen, span: Span, bar: Bar): void {
  const { ctx, palette } = pen;
  const tone = toneOf(pen, span);
  const [x, y, height] = [bar.x + 0.5, bar.y + 0.5, bar.height - 1];
  const outline = new Path2D();
  outline.roundRect(x, y, bar.width - 1, height, RADIUS);
  ctx.fillStyle = tone.soft;
  ctx.fill(outline);
  if (span.failed || span.outcome === "interrupted") {
    const { globalAlpha } = ctx;
    ctx.globalAlpha *= 0.35;
    ctx.fillStyle = pen.hatching(
      span.isGrave
        ? tone.strong
        : span.failed
        ? palette.muted
        : palette.off.strong,
    );
    ctx.fill(outline);
    ctx.globalAlpha = globalAlpha;
  }
  // Not clipped by the outline, which would take longer than all the rest.
  ctx.fillStyle = tone.strong;
  ctx.beginPath();
  ctx.roundRect(x, y, RADIUS, height, [RADIUS, 0, 0, RADIUS]);
  ctx.fill();
  ctx.strokeStyle = tone.strong;
  ctx.lineWidth = 1;
  if (span.end === null) strokeOpen(ctx, bar);
  else ctx.stroke(outline);
}

/** A frame without a right side: the end is unknown. */
function strokeOpen(ctx: CanvasRenderingContext2D, bar: Bar): void {
  const [x0, x1] = [bar.x + 0.5, bar.x + bar.width];
  const [y0, y1] = [bar.y + 0.5, bar.y + bar.height - 0.5];
  ctx.setLineDash([5, 3]);
  ctx.beginPath();
  ctx.moveTo(x1, y0);
  ctx.lineTo(x0, y0);
  ctx.lineTo(x0, y1);
  ctx.lineTo(x1, y1);
  ctx.stroke();
  ctx.setLineDash([]);
}

/** A sign before a label, so that a state is not shown by colour alone. */
function signOf(span: Span): string {
  if (span.failed) return "✕ ";
  if (span.outcome === "interrupted") return "⊘ ";
  return span.end === null ? "… " : "";
}

/** Draws the label at the left end of the visible part of the bar. */
function drawLabel(
  pen: Pen,
  frame: Frame,
  index: number,
  span: Span,
  bar: Bar,
): void {
  const x = Math.max(bar.x + 7, 5);
  const room = Math.min(bar.x + bar.width, frame.projection.view.width) - x - 4;
  if (room < 22) return drawSign(pen, span, bar);
  const long = room > 90 ? frame.longLabel(index) : span.label;
  const y = bar.y + bar.height / 2 + 0.5;
  const colour = pen.palette.text;
  pen.text(`${signOf(span)}${long}`, [x, y], room, colour);
}

/** Draws only the sign of a label, if it fits. */
function drawSign(pen: Pen, span: Span, bar: Bar): void {
  const sign = signOf(span).trim();
  const width = pen.width(sign);
  if (sign === "" || bar.width < width + 6) return;
  const x = bar.x + 1.5 + (bar.width - width) / 2;
  pen.text(sign, [x, bar.y + bar.height / 2 + 0.5], 40, pen.palette.text);
}

function drawRing(
  pen: Pen,
  { projection, geometry }: Frame,
  target: Frame["selected"],
  colour: string,
  width: number,
  away = 0.5,
): void {
  if (target?.type !== "span") return;
  const top = barTop(projection.packed, geometry, target.index);
  const lane = projection.packed.scene.spans[target.index]?.lane ?? -1;
  const height = geometry.byLane[lane]?.barHeight;
  if (top === null || height === undefined) return;
  const [start, end] = pixels(target.index, projection);
  const x0 = Math.max(start, -8);
  const x1 = Math.min(Math.max(end, x0 + MIN_WIDTH), projection.view.width + 8);
  const { ctx } = pen;
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.roundRect(
    x0 - away,
    top - away,
    x1 - x0 + 2 * away,
    height + 2 * away,
    4,
  );
  ctx.stroke();
}
