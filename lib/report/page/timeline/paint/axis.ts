/**
 * The axis: moments since the beginning, and how long each shortened gap is.
 *
 * @module
 */

import type { Lens } from "../layout/blocks.ts";
import { ticks } from "../layout/ticks.ts";
import { toPixel } from "../layout/viewport.ts";
import { durationOf } from "../../ui/figures.ts";
import type { Frame } from "./frame.ts";
import type { Pen } from "./pen.ts";

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
