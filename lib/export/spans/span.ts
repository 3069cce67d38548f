/**
 * What a span is, and the tree of them that a session becomes.
 *
 * @module
 */

import type { Integer } from "../../format/vocabulary.ts";
import type { TokenUsage } from "../../graph/runtime.ts";
import type { Failure } from "../../query/failures/failure.ts";
import type { Outcome } from "../../query/failures/outcome/outcome.ts";
import type { ObjectKind } from "../../query/session/names/object_kind.ts";

export type SpanKind =
  | "session"
  | Extract<
    ObjectKind,
    | "thread"
    | "turn"
    | "inference_call"
    | "compaction_request"
    | "compaction"
    | "tool_call"
    | "code_cell"
    | "terminal_operation"
  >;

export interface SessionSpan {
  /** What it is of. */
  readonly kind: SpanKind;
  /** Id of the object; of the session, its trace id. */
  readonly id: string;
  /** Short name of the object, as `call:3`; of the session, `session`. */
  readonly handle: string;
  /** What it did, in a few words. */
  readonly name: string;
  /** The thread it is of; null of the session. */
  readonly thread: string | null;
  /** The innermost span whose object it belongs to and whose time contains its own. */
  readonly parent: SessionSpan | null;
  /** When it started. */
  readonly start: number;
  /** When it ended; where that is unknown, its start, or the last moment if it never ended. */
  readonly end: number;
  /** Whether its end was recorded. */
  readonly hasEnd: boolean;
  /** How long it took, in milliseconds; null where that is unknown, also since the clock jumped. */
  readonly duration: number | null;
  /** What became of it; null when it is unknown. */
  readonly outcome: Outcome | null;
  /** Further facts. */
  readonly facts: SpanFacts;
  /** What went wrong in it. */
  readonly failures: readonly Failure[];
}

/** Facts of a span, as far as its kind has them; null when they are unknown. */
export interface SpanFacts {
  /** The model asked. */
  readonly model?: string;
  /** Who serves it. */
  readonly provider?: string;
  readonly responseId?: string | null;
  /** Tokens of the request. */
  readonly usage?: TokenUsage | null;
  readonly tool?: string;
  /** The model's id of the call. */
  readonly callId?: string | null;
  /** Exit code of the command. */
  readonly exitCode?: number | null;
  readonly agentPath?: string;
  /** Items of a history before and after a compaction. */
  readonly items?: { readonly before: number; readonly after: number };
  /** Status in the recorder's word. */
  readonly status?: string;
  /** The event that started it. */
  readonly startedSeq?: Integer;
}

/** An interaction between agents, as a link between two spans. */
export interface SpanLink {
  /** Id of the edge. */
  readonly id: string;
  /** Kind of the edge. */
  readonly kind: string;
  /** When it started. */
  readonly start: number;
  /** When it arrived; null when it did not. */
  readonly end: number | null;
  /** Where it begins. */
  readonly from: SessionSpan;
  /** Where it leads to. */
  readonly to: SessionSpan;
}

/** The spans of a session, each after its parent, and their links. */
export interface SpanTree {
  /** The session itself. */
  readonly root: SessionSpan;
  /** Every span, the root first. */
  readonly spans: readonly SessionSpan[];
  /** Interactions between agents. */
  readonly links: readonly SpanLink[];
}
