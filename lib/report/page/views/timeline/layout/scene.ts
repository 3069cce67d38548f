/**
 * What a timeline shows, before it has a place: lanes, spans in them, edges between them.
 *
 * Spans and lanes are named by their position in the scene, not by an id: ids come from a bundle
 * and may be anything. Times are milliseconds since 1970. Knows neither a screen nor a report.
 *
 * @module
 */

import type { Pointer } from "../../../../report_data.ts";

/** What sort of thing a span is. */
export type SpanKind =
  | "turn"
  | "call"
  | "tool"
  | "cell"
  | "operation"
  | "compaction"
  | "summary";

/** How something stands, or ended. */
export type SpanStatus =
  | "running"
  | "completed"
  | "failed"
  | "cancelled"
  | "aborted";

/** A row of things that ran one after the other or side by side: a thread. */
export interface Lane {
  /** The object that the lane stands for. */
  readonly pointer: Pointer;
  /** Name to show. */
  readonly label: string;
  /** What to say besides the name; may be empty. */
  readonly note: string;
  /** How deep in the tree of threads; 0 for the root. */
  readonly depth: number;
  readonly start: number;
  /** Null when its end was never recorded. */
  readonly end: number | null;
  readonly status: SpanStatus;
}

/** Something that ran for a while. */
export interface Span {
  /** The object that the span stands for. */
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
  readonly status: SpanStatus;
  /** Whether something went wrong in it, whatever its status says. */
  readonly failed: boolean;
}

/** One end of an edge. */
export interface EdgeEnd {
  /** Position of its lane. */
  readonly lane: number;
  /** Position of the span it touches; -1 when it touches the lane as a whole. */
  readonly span: number;
  readonly time: number;
}

/** Something that passed from one lane to another. */
export interface SceneEdge {
  readonly pointer: Pointer;
  /** A word for what passed, such as `spawn`. */
  readonly kind: string;
  readonly label: string;
  readonly from: EdgeEnd;
  readonly to: EdgeEnd;
  /** Whether it is known to have arrived. */
  readonly arrived: boolean;
}

/** All of it, lanes in the order they are shown. */
export interface Scene {
  readonly lanes: readonly Lane[];
  readonly spans: readonly Span[];
  readonly edges: readonly SceneEdge[];
  /** From when to when the session went, at least. */
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
