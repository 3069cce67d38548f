/**
 * The background of the spans: lanes, time lines, shortened gaps, lifetimes of threads; and the
 * axis.
 *
 * @module
 */

import type { LaneBox } from "../layout/geometry.ts";
import { ticks } from "../layout/ticks.ts";
import { toPixel } from "../layout/viewport.ts";
import type { Frame } from "./frame.ts";
import type { Pen } from "./pen.ts";
import type { Projection } from "../layout/blocks.ts";
import { durationOf } from "../../../ui/figures.ts";

/** Draws the background. */
export function drawLanes(pen: Pen, frame: Frame): void {
  const { geometry, projection, scrollTop, height } = frame;
  const inView = geometry.lanes.filter((box) =>
    box.bottom >= scrollTop && box.top <= scrollTop + height
  );
  drawOutside(pen, frame);
  for (const tick of ticks(projection.scale, projection.view)) {
    const x = Math.round(tick.x) + 0.5;
    pen.line([x, scrollTop], [x, scrollTop + height], pen.palette.line);
  }
  drawGaps(pen, frame);
  drawBelow(pen, frame);
  for (const box of inView) drawLane(pen, frame, box);
}

/** Marks the area before the start and after the end of the session. */
function drawOutside(pen: Pen, { projection, scrollTop, height }: Frame): void {
  const { scale, view } = projection;
  const first = toPixel(view, 0);
  const last = toPixel(view, scale.length);
  const { sunken } = pen.palette;
  if (first > 0) pen.fill(0, scrollTop, first, height, sunken);
  if (last < view.width) {
    pen.fill(last, scrollTop, view.width - last, height, sunken);
  }
}

/** Marks the area below the last lane. */
function drawBelow(
  pen: Pen,
  { projection, geometry, scrollTop, height }: Frame,
): void {
  const left = scrollTop + height - geometry.height;
  if (left <= 0) return;
  pen.fill(0, geometry.height, projection.view.width, left, pen.palette.sunken);
}

function drawGaps(pen: Pen, { projection, scrollTop, height }: Frame): void {
  const { ctx, palette } = pen;
  for (const gap of projection.scale.gaps) {
    const x0 = toPixel(projection.view, gap.from);
    const x1 = toPixel(projection.view, gap.to);
    if (x1 < 0 || x0 > projection.view.width) continue;
    pen.fill(x0, scrollTop, x1 - x0, height, palette.sunken);
    ctx.globalAlpha = 0.5;
    pen.fill(
      ...[x0, scrollTop, x1 - x0, height] as const,
      pen.hatching(palette.lineStrong),
    );
    ctx.globalAlpha = 1;
  }
}

function drawLane(pen: Pen, frame: Frame, box: LaneBox): void {
  const { projection } = frame;
  const { palette } = pen;
  const { width } = projection.view;
  const bottom = Math.round(box.bottom) - 0.5;
  pen.line([0, bottom], [width, bottom], palette.lineStrong);
  const lane = projection.packed.scene.lanes[box.lane];
  if (lane === undefined || box.isFolded) return;
  const x0 = toPixel(projection.view, projection.scale.toPosition(lane.start));
  const end = lane.end ?? projection.packed.scene.end;
  const x1 = toPixel(projection.view, projection.scale.toPosition(end));
  const failed = lane.outcome === "failed";
  const colour = failed ? palette.bad.strong : palette.muted;
  const y = box.rowsTop - 3;
  pen.ctx.setLineDash(lane.end === null ? [4, 3] : []);
  pen.line([x0, y], [x1, y], colour, 1.5);
  pen.ctx.setLineDash([]);
  pen.line([x0, y - 3], [x0, y + 3], colour, 1.5);
  if (lane.end !== null) pen.line([x1, y - 3], [x1, y + 3], colour, 1.5);
}

/** Draws the axis over the top of a frame. */
export function drawAxis(pen: Pen, { projection, axis }: Frame): void {
  const { palette } = pen;
  const { view, scale } = projection;
  pen.fill(0, 0, view.width, axis, palette.surface);
  const y = axis - 0.5;
  pen.line([0, y], [view.width, y], palette.lineStrong);
  const signs = gapSigns(pen, projection);
  for (const tick of ticks(scale, view)) {
    const x = Math.round(tick.x) + 0.5;
    const end = x + 8 + pen.width(tick.label);
    pen.line([x, axis - 6], [x, axis], palette.muted);
    const hidden = signs.some((sign) => x < sign.x1 && end > sign.x0);
    if (hidden || end > view.width) continue;
    pen.text(tick.label, [x + 4, axis / 2], 80, palette.muted);
  }
  for (const sign of signs) drawSign(pen, sign, axis);
}

/** The label of a shortened gap, and its position. */
interface Sign {
  readonly text: string;
  readonly x0: number;
  readonly x1: number;
}

/** The signs of the gaps in view, none over another. */
function gapSigns(pen: Pen, { packed, scale, view }: Projection): Sign[] {
  const signs: Sign[] = [];
  for (const gap of scale.gaps) {
    const from = toPixel(view, gap.from);
    const to = toPixel(view, gap.to);
    if (to < 0 || from > view.width) continue;
    const text = packed.scene.hasJump
      ? "idle, or a jump of the clock"
      : `${durationOf(gap.end - gap.start)} ${
        packed.scene.hasUnknownTimes ? "gap" : "idle"
      }`;
    const half = pen.width(text, pen.palette.small) / 2 + 5;
    const max = view.width - half;
    const middle = Math.min(Math.max((from + to) / 2, half), max);
    if (middle - half < (signs.at(-1)?.x1 ?? 0)) continue;
    signs.push({ text, x0: middle - half, x1: middle + half });
  }
  return signs;
}

function drawSign(pen: Pen, sign: Sign, axis: number): void {
  const { ctx, palette } = pen;
  ctx.fillStyle = palette.sunken;
  ctx.beginPath();
  ctx.roundRect(sign.x0, 4, sign.x1 - sign.x0, axis - 9, 4);
  ctx.fill();
  const at = [sign.x0 + 5, axis / 2] as const;
  pen.text(sign.text, at, 200, palette.text, palette.small);
}
