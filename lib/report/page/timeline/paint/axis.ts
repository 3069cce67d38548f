/**
 * The axis: moments since the beginning, and how long each shortened gap is.
 *
 * @module
 */

import { ticks } from "../layout/ticks.ts";
import { toPixel } from "../layout/viewport.ts";
import { durationOf } from "../../ui/figures.ts";
import type { Frame } from "./frame.ts";
import type { Pen } from "./pen.ts";

/** Draws the axis over the top of a frame. */
export function drawAxis(pen: Pen, { lens, axis }: Frame): void {
  const { palette, ctx } = pen;
  const { view, scale } = lens;
  pen.fill(0, 0, view.width, axis, palette.surface);
  const y = axis - 0.5;
  pen.line([0, y], [view.width, y], palette.lineStrong);
  for (const tick of ticks(scale, view)) {
    const x = Math.round(tick.x) + 0.5;
    pen.line([x, axis - 6], [x, axis], palette.muted);
    if (x + 4 + pen.width(tick.label) > view.width) continue;
    pen.text(tick.label, [x + 4, axis / 2], 80, palette.muted);
  }
  for (const gap of scale.gaps) {
    const x0 = toPixel(view, gap.from);
    const x1 = toPixel(view, gap.to);
    if (x1 < 0 || x0 > view.width) continue;
    const text = `${durationOf(gap.end - gap.start)} idle`;
    const width = pen.width(text, palette.small) + 10;
    const middle = Math.min(
      Math.max((x0 + x1) / 2, width / 2),
      view.width - width / 2,
    );
    ctx.fillStyle = palette.sunken;
    ctx.beginPath();
    ctx.roundRect(middle - width / 2, 4, width, axis - 9, 4);
    ctx.fill();
    pen.text(
      text,
      [middle - width / 2 + 5, axis / 2],
      width,
      palette.text,
      palette.small,
    );
  }
}
