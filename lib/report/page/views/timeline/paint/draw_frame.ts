/**
 * One drawing of the timeline: its layers, from the bottom to the top.
 *
 * @module
 */

import { drawEdges } from "./edges.ts";
import type { Frame } from "./frame.ts";
import { drawAxis, drawLanes } from "./lanes.ts";
import type { Pen } from "./pen.ts";
import { drawPath, drawRange } from "./marks.ts";
import { drawSpans } from "./spans.ts";

/** Draws everything in view. */
export function drawFrame(pen: Pen, frame: Frame): void {
  const { ctx } = pen;
  const { width } = frame.projection.view;
  ctx.clearRect(0, 0, width, frame.height);
  ctx.textBaseline = "middle";
  ctx.save();
  ctx.translate(0, -frame.scrollTop);
  drawLanes(pen, frame);
  drawSpans(pen, frame);
  drawPath(pen, frame);
  drawEdges(pen, frame);
  ctx.restore();
  drawAxis(pen, frame);
  drawRange(pen, frame);
}
