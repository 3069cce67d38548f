/**
 * What the reader marks: the range that is summed up, and the critical path.
 *
 * @module
 */

import { barTop } from "../layout/geometry.ts";
import { toPixel } from "../layout/viewport.ts";
import type { Frame } from "./frame.ts";
import type { Pen } from "./pen.ts";

/** Draws the range over the full height. */
export function drawRange(pen: Pen, { range, height }: Frame): void {
  if (range === null) return;
  const { ctx, palette } = pen;
  const [x0, x1] = range;
  ctx.globalAlpha = 0.12;
  pen.fill(x0, 0, Math.max(1, x1 - x0), height, palette.accent);
  ctx.globalAlpha = 1;
  for (const x of [x0, x1]) {
    pen.line([x, 0], [x, height], palette.accent, 1.5);
  }
}

/** Draws a line under each part of the critical path, and joins parts of different lanes. */
export function drawPath(
  pen: Pen,
  { path, projection, geometry, scrollTop, height }: Frame,
): void {
  const { scale, view, packed } = projection;
  const { text } = pen.palette;
  let last: { x: number; y: number } | null = null;
  for (const { span, from, to } of path) {
    const top = barTop(packed, geometry, span);
    const box = geometry.byLane[packed.scene.spans[span]?.lane ?? -1];
    if (top === null || box === undefined) continue;
    const x0 = toPixel(view, scale.toPosition(from));
    const x1 = toPixel(view, scale.toPosition(to));
    const y = top + box.barHeight - 1;
    const isInView = x1 >= 0 && x0 <= view.width &&
      y >= scrollTop && y <= scrollTop + height;
    if (isInView) pen.line([x0, y], [Math.max(x1, x0 + 1), y], text, 3);
    if (last !== null && last.y !== y && x0 >= 0 && x0 <= view.width) {
      pen.line([x0, last.y], [x0, y], text, 1);
    }
    last = { x: x1, y };
  }
}
