/**
 * Small scenes of a timeline, written down in a line or two.
 *
 * @module
 */

import type { Measures } from "../../lib/report/page/views/timeline/layout/geometry.ts";
import type {
  Lane,
  Scene,
  SceneEdge,
  Span,
  SpanKind,
} from "../../lib/report/page/views/timeline/layout/scene.ts";

/** Heights but for the lanes. */
export type Place = Omit<Measures, "lanes">;

/** A span of a lane; of the first, and inside no other, unless reported. */
export function span(
  label: string,
  start: number,
  end: number | null,
  more: { parent?: number; lane?: number; kind?: SpanKind } = {},
): Span {
  return {
    pointer: ["tool_call", label],
    kind: more.kind ?? "tool",
    lane: more.lane ?? 0,
    parent: more.parent ?? -1,
    label,
    start,
    end,
    seq: null,
    duration: end === null ? null : end - start,
    status: end === null ? "running" : "completed",
    outcome: end === null ? "incomplete" : "ok",
    failed: false,
    isGrave: false,
    isWaiting: false,
  };
}

/** A lane. */
export function lane(label: string): Lane {
  return {
    pointer: ["thread", label],
    label,
    note: "",
    depth: 0,
    start: 0,
    end: null,
    outcome: "ok",
  };
}

/** A scene; of one lane, and until its last span ends, unless reported. */
export function sceneOf(
  spans: readonly Span[],
  more: {
    lanes?: readonly Lane[];
    end?: number;
    edges?: readonly Pick<SceneEdge, "from" | "to">[];
  } = {},
): Scene {
  const last = Math.max(...spans.map((each) => each.end ?? each.start), 0);
  return {
    lanes: more.lanes ?? [lane("root")],
    spans,
    edges: (more.edges ?? []).map((each, i) => ({
      ...each,
      pointer: ["edge", String(i)],
      kind: "message",
      label: "send message",
      deliveryTime: each.to.time - each.from.time,
      arrived: true,
      delivery: "delivered",
    })),
    hasJump: false,
    hasUnknownTimes: false,
    start: 0,
    end: more.end ?? last,
  };
}
