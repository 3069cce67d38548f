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
