/**
 * What `follow` prints: events of a session that is still recorded.
 *
 * @module
 */

import type { Integer, UnixMs } from "../../../format/vocabulary.ts";
import type { TokenUsage } from "../../../graph/runtime.ts";
import type { Outcome } from "../../failures/outcome/outcome.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";
import type { EdgeDetail, Issue } from "../timeline_answer.ts";

/** An event that a person follows a session for. */
export interface FollowedEvent {
  /** Number of the event; null where its line cannot be read. */
  readonly seq: Integer | null;
  /** Line of the log, counted from 1; null for what is about no line. */
  readonly line: number | null;
  /** When it was recorded; null where its line cannot be read. */
  readonly at_unix_ms: UnixMs | null;
  /** The thread it happened in; null for the session, or where it is unknown. */
  readonly thread: ObjectRef | null;
  /** Path of the agent of this thread; null where no event named it. */
  readonly agent_path: string | null;
  /** The turn it happened in. */
  readonly turn: ObjectRef | null;
  /** What it happened to. */
  readonly object: ObjectRef | null;
  /** What became of it; null for what did not end, or where that is unknown. */
  readonly outcome: Outcome | null;
  /** The recorder's word for how it ended. */
  readonly status: string | null;
  /** How long it took; null where its start is unknown or the clock was set back. */
  readonly duration_ms: Integer | null;
  /** Why it deserves attention; null for most. */
  readonly issue: Issue | null;
  /** What went wrong, on one line. */
  readonly error: string | null;
  /** What happened. */
  readonly detail: FollowedDetail;
}

/** What happened, by the type of event. */
export type FollowedDetail =
  | { readonly type: "session_started" }
  | { readonly type: "session_ended" }
  | { readonly type: "recording_completed" }
  | { readonly type: "thread_started" }
  | { readonly type: "thread_ended" }
  | { readonly type: "thread_resumed" }
  | { readonly type: "turn_started" }
  | {
    readonly type: "user_message";
    /** What the user wrote that the turn began with, or its beginning. */
    readonly text: string;
  }
  | {
    readonly type: "assistant_message";
    /** What the model wrote, or its beginning; only of a session log, whose requests are unknown. */
    readonly text: string;
  }
  | {
    readonly type: "turn_ended";
    /** LLM requests of the turn; null where its start is unknown, and in a session log. */
    readonly calls: number | null;
    /** Tool calls of the turn. */
    readonly tool_calls: number | null;
  }
  | FollowedRequest
  | FollowedTool
  | {
    readonly type: "code_cell_ended";
    /** The first line of the code; null where its start is unknown. */
    readonly source: string | null;
  }
  | {
    readonly type: "compaction_request_ended";
    /** The model; null where its start is unknown. */
    readonly model: string | null;
  }
  | { readonly type: "compaction" }
  | FollowedEdge
  | {
    readonly type: "protocol_event";
    /** Its name in the protocol. */
    readonly event_type: string;
  }
  | {
    readonly type: "other";
    /** Its name, chosen by the recorder. */
    readonly kind: string;
    /** A line about it. */
    readonly summary: string;
  }
  | {
    readonly type: "loss";
    /** What is wrong with the line. */
    readonly code: string;
    /** The type of the event, if the line has one. */
    readonly event_type: string | null;
    /** How many more lines with the same fault, up to the next event, are not listed. */
    readonly more_lines: number;
    /** What is missing because of it. */
    readonly lost: string;
  };

/** Something passed from one agent to another: a task, a message, a result. */
export interface FollowedEdge extends EdgeDetail {
  /** The thread that it went to. */
  readonly to: ObjectRef;
}

/** An LLM request ended. */
export interface FollowedRequest {
  readonly type: "inference_ended";
  /** The model; null where the start of the request is unknown. */
  readonly model: string | null;
  /** What was used; null where the provider did not report it, or the response is unreadable. */
  readonly usage: TokenUsage | null;
  /** Why the response cannot be read; null where it can, or there is none. */
  readonly response_unread: string | null;
}

/** A tool call ended, or a process that outlived its call. */
export interface FollowedTool {
  readonly type: "tool_call_ended" | "process_ended";
  /** The tool; null where the start of the call is unknown. */
  readonly tool: string | null;
  /** An excerpt of the command or of the arguments. */
  readonly preview: string | null;
  /** Exit code of the command; null for other tools, or while it runs. */
  readonly exit_code: number | null;
  /** Why the exit code is unknown although the command ended; else null. */
  readonly exit_unread: string | null;
}
