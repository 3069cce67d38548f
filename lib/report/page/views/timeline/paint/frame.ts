/**
 * What one drawing of the timeline depends on.
 *
 * @module
 */

import type { Projection } from "../layout/blocks.ts";
import type { PathPart } from "../layout/critical_path.ts";
import type { EdgePath } from "../layout/edge_path.ts";
import type { Geometry } from "../layout/geometry.ts";
import type { Target } from "../layout/scene.ts";

/** One drawing. */
export interface Frame {
  readonly projection: Projection;
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
  /** Pixels of the range that is summed up. */
  readonly range: readonly [x0: number, x1: number] | null;
  /** The parts of the critical path. */
  readonly path: readonly PathPart[];
  /** What to write on a span that has much room. */
  readonly longLabel: (span: number) => string;
}
