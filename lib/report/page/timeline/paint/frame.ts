/**
 * A frame: everything one drawing of the timeline depends on, and the order things are drawn in.
 *
 * @module
 */

import type { Lens } from "../layout/blocks.ts";
import type { EdgePath } from "../layout/edge_path.ts";
import type { Geometry } from "../layout/geometry.ts";
import type { Target } from "../target.ts";
import { drawAxis } from "./axis.ts";
import { drawEdges } from "./edges.ts";
import { drawLanes } from "./lanes.ts";
import type { Pen } from "./pen.ts";
import { drawSpans } from "./spans.ts";

/** One drawing. */
export interface Frame {
  readonly lens: Lens;
  readonly geometry: Geometry;
  readonly paths: readonly EdgePath[];
  /** What of the height is in view, in CSS pixels. */
  readonly scrollTop: number;
  readonly height: number;
  /** Of the axis, which stays at the top. */
  readonly axis: number;
  readonly selected: Target | null;
  readonly focused: Target | null;
  readonly hovered: Target | null;
  /** Whether a filter leaves a span out of attention. */
  readonly dimmed: (span: number) => boolean;
  readonly edgeDimmed: (edge: number) => boolean;
  /** What to write on a span that has much room. */
  readonly longLabel: (span: number) => string;
}

/** Draws all that is in view. */
export function drawFrame(pen: Pen, frame: Frame): void {
  const { ctx } = pen;
  const { width } = frame.lens.view;
  ctx.clearRect(0, 0, width, frame.height);
  ctx.textBaseline = "middle";
  ctx.save();
  ctx.translate(0, -frame.scrollTop);
  drawLanes(pen, frame);
  drawSpans(pen, frame);
  drawEdges(pen, frame);
  ctx.restore();
  drawAxis(pen, frame);
}
