/**
 * What a timeline shows, before layout: lanes, spans in them, edges between them.
 *
 * Spans and lanes are identified by their position in the scene, not by an id: an id from a bundle
 * may be any text. Times are milliseconds since 1970. Depends on neither a screen nor a report.
 *
 * @module
 */

import type { Outcome } from "../../../../../query/failures/outcome/outcome.ts";
import type { Pointer, WindowRow } from "../../../../report_data.ts";
import type { Delivery } from "../../../model/names.ts";

export type SpanKind =
  | "turn"
  | "call"
  | "tool"
  | "cell"
  | "operation"
  | "compaction"
  | "summary";

/** A lane: the spans of one thread. */
export interface Lane {
  /** The object of the lane. */
  readonly pointer: Pointer;
  /** Name to show. */
  readonly label: string;
  /** A note beside the name; may be empty. */
  readonly note: string;
  /** Depth in the tree of threads; 0 for the root. */
  readonly depth: number;
  readonly start: number;
  /** Null when its end was never recorded. */
  readonly end: number | null;
  /** Null where it is unknown. */
  readonly outcome: Outcome | null;
}

/** Something that ran, with its time. */
export interface Span {
  /** The object of the span. */
  readonly pointer: Pointer;
  readonly kind: SpanKind;
  /** Position of its lane. */
  readonly lane: number;
  /** Position of the span inside which it ran; -1 for none. */
  readonly parent: number;
  readonly label: string;
  readonly start: number;
  /** Null when its end was never recorded. */
  readonly end: number | null;
  /** The event that started it; null where that is not known. */
  readonly seq: number | null;
  /** How long it took; null where that is unknown, also across a jump of the clock. */
  readonly duration: number | null;
  /** The recorded status. */
  readonly status: WindowRow["status"];
  /** Null where it is unknown. */
  readonly outcome: Outcome | null;
  /** Whether it has an error, whatever its outcome is. */
  readonly failed: boolean;
  /** Whether it failed and no retry recovered it; an exit code is a result. */
  readonly isGrave: boolean;
  /** Whether it is a tool call that waits for another agent. */
  readonly isWaiting: boolean;
}

export interface EdgeEnd {
  /** Position of its lane. */
  readonly lane: number;
  /** Position of the span that it touches; -1 when it touches the lane only. */
  readonly span: number;
  readonly time: number;
}

/** An edge from one lane to another. */
export interface SceneEdge {
  readonly pointer: Pointer;
  /** A short name of its kind, such as `spawn`. */
  readonly kind: string;
  readonly label: string;
  readonly from: EdgeEnd;
  readonly to: EdgeEnd;
  /** Whether the receiver had what it carried; null where it carries nothing. */
  readonly delivery: Delivery | null;
  /** How long the delivery took; null where that is unknown. */
  readonly deliveryTime: number | null;
  /** Whether its end was recorded. */
  readonly arrived: boolean;
}

/** A scene, with its lanes in the order in which they are shown. */
export interface Scene {
  readonly lanes: readonly Lane[];
  readonly spans: readonly Span[];
  readonly edges: readonly SceneEdge[];
  /** Whether the clock jumped: then a time in which nothing ran may have had no length. */
  readonly hasJump: boolean;
  /** Whether it is unknown what else ran, and when calls and commands did: a session log. */
  readonly hasUnknownTimes: boolean;
  /** First and last recorded time of the session. */
  readonly start: number;
  readonly end: number;
}

/** A span or an arrow, by its position in the scene. */
export interface Target {
  readonly type: "span" | "edge";
  readonly index: number;
}

/** Whether two targets are the same thing. */
export function same(a: Target | null, b: Target | null): boolean {
  return a?.type === b?.type && a?.index === b?.index;
}
