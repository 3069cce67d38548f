/**
 * What lies under the spans: stripes of lanes, lines of time, shortened gaps, lives of threads.
 *
 * @module
 */

import type { LanePlace } from "../layout/geometry.ts";
import { ticks } from "../layout/ticks.ts";
import { toPixel } from "../layout/viewport.ts";
import type { Frame } from "./frame.ts";
import type { Pen } from "./pen.ts";
import type { Lens } from "../layout/blocks.ts";
import { durationOf } from "../../../ui/figures.ts";

/** Draws the ground. */
export function drawLanes(pen: Pen, frame: Frame): void {
  const { geometry, lens, scrollTop, height } = frame;
  const inView = geometry.lanes.filter((place) =>
    place.bottom >= scrollTop && place.top <= scrollTop + height
  );
  drawOutside(pen, frame);
  for (const tick of ticks(lens.scale, lens.view)) {
    const x = Math.round(tick.x) + 0.5;
    pen.line([x, scrollTop], [x, scrollTop + height], pen.palette.line);
  }
  drawGaps(pen, frame);
  drawBelow(pen, frame);
  for (const place of inView) drawLane(pen, frame, place);
}

/** Before the beginning and after the end there is no time. */
function drawOutside(pen: Pen, { lens, scrollTop, height }: Frame): void {
  const { scale, view } = lens;
  const first = toPixel(view, 0);
  const last = toPixel(view, scale.length);
  const { sunken } = pen.palette;
  if (first > 0) pen.fill(0, scrollTop, first, height, sunken);
  if (last < view.width) {
    pen.fill(last, scrollTop, view.width - last, height, sunken);
  }
}

/** Below the last lane there is nothing. */
function drawBelow(
  pen: Pen,
  { lens, geometry, scrollTop, height }: Frame,
): void {
  const left = scrollTop + height - geometry.height;
  if (left <= 0) return;
  pen.fill(0, geometry.height, lens.view.width, left, pen.palette.sunken);
}

function drawGaps(pen: Pen, { lens, scrollTop, height }: Frame): void {
  const { ctx, palette } = pen;
  for (const gap of lens.scale.gaps) {
    const x0 = toPixel(lens.view, gap.from);
    const x1 = toPixel(lens.view, gap.to);
    if (x1 < 0 || x0 > lens.view.width) continue;
    pen.fill(x0, scrollTop, x1 - x0, height, palette.sunken);
    ctx.globalAlpha = 0.5;
    pen.fill(
      ...[x0, scrollTop, x1 - x0, height] as const,
      pen.hatching(palette.lineStrong),
    );
    ctx.globalAlpha = 1;
  }
}

function drawLane(pen: Pen, frame: Frame, place: LanePlace): void {
  const { lens } = frame;
  const { palette } = pen;
  const { width } = lens.view;
  const bottom = Math.round(place.bottom) - 0.5;
  pen.line([0, bottom], [width, bottom], palette.lineStrong);
  const lane = lens.packed.scene.lanes[place.lane];
  if (lane === undefined) return;
  const x0 = toPixel(lens.view, lens.scale.place(lane.start));
  const end = lane.end ?? lens.packed.scene.end;
  const x1 = toPixel(lens.view, lens.scale.place(end));
  const failed = lane.status === "failed";
  const colour = failed ? palette.bad.strong : palette.muted;
  const y = place.rowsTop - 3;
  pen.ctx.setLineDash(lane.end === null ? [4, 3] : []);
  pen.line([x0, y], [x1, y], colour, 1.5);
  pen.ctx.setLineDash([]);
  pen.line([x0, y - 3], [x0, y + 3], colour, 1.5);
  if (lane.end !== null) pen.line([x1, y - 3], [x1, y + 3], colour, 1.5);
}

/** Draws the axis over the top of a frame. */
export function drawAxis(pen: Pen, { lens, axis }: Frame): void {
  const { palette } = pen;
  const { view, scale } = lens;
  pen.fill(0, 0, view.width, axis, palette.surface);
  const y = axis - 0.5;
  pen.line([0, y], [view.width, y], palette.lineStrong);
  const signs = gapSigns(pen, lens);
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

/** What is said of a shortened gap, and where. */
interface Sign {
  readonly text: string;
  readonly x0: number;
  readonly x1: number;
}

/** The signs of the gaps in view, none over another. */
function gapSigns(pen: Pen, { scale, view }: Lens): Sign[] {
  const signs: Sign[] = [];
  for (const gap of scale.gaps) {
    const from = toPixel(view, gap.from);
    const to = toPixel(view, gap.to);
    if (to < 0 || from > view.width) continue;
    const text = `${durationOf(gap.end - gap.start)} idle`;
    const half = pen.width(text, pen.palette.small) / 2 + 5;
    const most = view.width - half;
    const middle = Math.min(Math.max((from + to) / 2, half), most);
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
