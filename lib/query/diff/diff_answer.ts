/**
 * What differs between two requests, or between two sessions: the answer of `diff`.
 *
 * @module
 */

import type {
  MemberChange,
  MembersDiff,
} from "../evidence/recorded/member_changes.ts";
import type { ItemSummary } from "../evidence/recorded/item_contents.ts";
import type {
  ExecutionStatus,
  Integer,
  RolloutStatus,
} from "../../format/vocabulary.ts";
import type { PayloadCapture } from "../../format/payload.ts";
import type { TokenUsage } from "../../graph/runtime.ts";
import type { Outcome } from "../failures/outcome/outcome.ts";
import type { KnownCount } from "../evidence/known_count.ts";
import type { Failure } from "../failures/failure.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { RecordingFacts } from "../evidence/recorded/captures.ts";
import type { TextDifference } from "./text_difference.ts";
import type { TurnsDiff } from "./turns/turns_answer.ts";

export type {
  TextDifference,
  TextOffsets,
  TextPair,
} from "./text_difference.ts";
export type * from "./turns/turns_answer.ts";
export type { ItemSummary, MemberChange, MembersDiff };

/** What differs; `type` is what was compared. */
export type DiffAnswer = RequestDiff | PreparedDiff | SessionDiff;

// Conversations.

/** Two lists of items, one beside the other. */
export interface ConversationDiff {
  /** Items of the first. */
  readonly items_a: number;
  /** Items of the second. */
  readonly items_b: number;
  /** Items of both. */
  readonly kept: number;
  /** Items with the same content in both but for ids and times, which are new in each session. */
  readonly similar: number;
  /** Items of the second only. */
  readonly added: number;
  /** Items of the first only. */
  readonly removed: number;
  /** Items of the first that the second replaces by another content. */
  readonly rewritten: number;
  /** Items of both that are at another place among the others. */
  readonly moved: number;
  /** How many items both begin with. */
  readonly common: number;
  /** The last of those; null where the first items differ. */
  readonly last_common: MatchedItems | null;
  /** Whether they differ in so much that only their common beginning and end were looked for. */
  readonly truncated: boolean;
  /** Where they differ, in order. */
  readonly hunks: readonly DiffHunk[];
}

/** One place at which two lists of items differ. */
export interface DiffHunk {
  /** Items of the first before it. */
  readonly after_a: number;
  /** Items of the second before it. */
  readonly after_b: number;
  /** What differs there. */
  readonly changes: readonly ItemChange[];
}

/** An item that only one list has, or two at the same position. */
export type ItemChange =
  | { readonly change: "removed"; readonly a: ItemSummary }
  | { readonly change: "added"; readonly b: ItemSummary }
  /** At its place in the second; the first has it in front of or behind other items. */
  | {
    readonly change: "moved";
    readonly a: ItemSummary;
    readonly b: ItemSummary;
  }
  | {
    readonly change: "rewritten";
    readonly a: ItemSummary;
    readonly b: ItemSummary;
  } & TextDifference;

/** The same item in both lists. */
export interface MatchedItems {
  /** In the first. */
  readonly a: ItemSummary;
  /** In the second. */
  readonly b: ItemSummary;
}

// Two requests.

/** Two requests, of one session or of two. */
export interface RequestDiff {
  /** What was compared. */
  readonly type: "requests";
  /** Whether nothing differs in what was sent; null when one of them was not recorded. */
  readonly same: boolean | null;
  /** The first request. */
  readonly a: RequestSide;
  /** The second request. */
  readonly b: RequestSide;
  /**
   * Time from the end of the earlier one to the start of the other, in milliseconds; null where
   * that end is unknown, or the clock was set back meanwhile.
   */
  readonly gap_ms: Integer | null;
  /** Compactions between two requests of one thread, in order. */
  readonly compactions: readonly CompactionBetween[];
  /** What the model was given to read; null when one of the requests was not recorded. */
  readonly conversation: ConversationDiff | null;
  /** Everything else that was sent; null where a payload is not available. */
  readonly members: MembersDiff | null;
}

/** A compaction between two requests, and how many of the items that differ it made different. */
export interface CompactionBetween {
  /** The compaction. */
  readonly compaction: ObjectRef;
  /** Those of the earlier request: it replaced them. */
  readonly replaced_items: number;
  /** Those of the later request: it put them there. */
  readonly replacement_items: number;
}

/** One of two requests. */
export interface RequestSide {
  /** The bundle or the state, as it was named. */
  readonly bundle: string;
  /** The request. */
  readonly call: ObjectRef;
  /** Its thread. */
  readonly thread: ObjectRef;
  /** Its turn. */
  readonly turn: ObjectRef;
  /** What was sent. */
  readonly payload: ObjectRef;
  /** The complete input, where the request continues a warm-up; else null. */
  readonly warmup_payload: ObjectRef | null;
  /** How much of the payload with the input was kept, when not all of it was. */
  readonly request_capture: PayloadCapture | null;
  /** Items of the input, without those that were not recorded; null when nothing was. */
  readonly items: number | null;
  /** Items of the input that were not recorded: their content is unknown. */
  readonly unrecorded_items: number;
  /** How much of the response was kept, when not all of it was: then the tokens are unknown. */
  readonly response_capture: PayloadCapture | null;
  /** Model asked. */
  readonly model: string;
  /** What became of it; null when it may be in a lost event. */
  readonly outcome: Outcome | null;
  /** How it ended, in the recorder's word. */
  readonly status: ExecutionStatus;
  /** The event that began it. */
  readonly started_seq: Integer;
  /** How long it took, in milliseconds; null when its end was not recorded. */
  readonly duration_ms: Integer | null;
  /** Tokens; null when the provider reported none. */
  readonly usage: TokenUsage | null;
}

// Two sessions.

/** How two sessions are compared. */
export interface SessionDiffOptions {
  /** Whether ids and times that are given anew in each session make a difference, too. */
  readonly exact?: boolean;
}

/** Two sessions side by side. */
export interface SessionComparison {
  /** The first session. */
  readonly a: SessionSide;
  /** The second session. */
  readonly b: SessionSide;
  /** Counts of both, one beside the other. */
  readonly measures: readonly MeasurePair[];
  /** Calls of tools, by kind, those that only one session has included. */
  readonly tools: readonly ToolPair[];
  /** The turns, aligned, and where the sessions part. */
  readonly turns: TurnsDiff;
}

/** Two sessions. */
export interface SessionDiff extends SessionComparison {
  /** What was compared. */
  readonly type: "sessions";
  /**
   * Whether neither a conversation nor a count differs; times may, and ids. Null when nothing
   * recorded differs, and something was left out by a limit, or lost.
   */
  readonly same: boolean | null;
  /** Threads, those of the same agent path one beside the other. */
  readonly threads: readonly ThreadPair[];
}

/** One of two sessions. */
export interface SessionSide {
  /** The bundle's folder or the `state.json`, as the caller named it. */
  readonly bundle: string;
  /** Id of the recording. */
  readonly trace_id: string;
  /** Schema by whose rules it was reduced. */
  readonly schema_version: number;
  /** What became of it; null when it may be in a lost event. */
  readonly outcome: Outcome | null;
  /** How it ended, in the recorder's word. */
  readonly status: RolloutStatus;
  /** Models asked, in order of their first request. */
  readonly models: readonly string[];
  /** Events that could not be reduced; null without a log. */
  readonly skipped_events: number | null;
  /** How much of it the recorder kept. */
  readonly recording: RecordingFacts;
  /** Whether nothing of it is known to be lost. */
  readonly is_complete: boolean;
  /** The failure to inspect first; null when nothing that is known is worse than a warning. */
  readonly first_error: Failure | null;
  /** Paths of the files that patches changed; null where payloads are not available. */
  readonly changed_files: readonly string[] | null;
}

/** What two sessions are measured by. */
export type Measure =
  | "duration_ms"
  | "turns"
  | "calls"
  | "failed_calls"
  | "input_tokens"
  | "cached_input_tokens"
  | "output_tokens"
  | "reasoning_output_tokens"
  | "tool_calls"
  | "failed_tool_calls"
  | "errors"
  | "code_cells"
  | "compactions"
  | "threads"
  | "items";

/** One measure of both sessions. */
export interface MeasurePair {
  /** What is measured. */
  readonly measure: Measure;
  /** Of the first; null where it is not known. */
  readonly a: Integer | null;
  /** Of the second; null where it is not known. */
  readonly b: Integer | null;
}

/** Calls of one kind of tool in both sessions. */
export interface ToolPair {
  /** The kind. */
  readonly tool: string;
  /** Calls in the first. */
  readonly calls_a: KnownCount;
  /** Those that failed. */
  readonly failed_a: KnownCount;
  /** Calls in the second. */
  readonly calls_b: KnownCount;
  /** Those that failed. */
  readonly failed_b: KnownCount;
}

/** The threads of one agent in both sessions. */
export interface ThreadPair {
  /** Path in the tree of agents. */
  readonly agent_path: string;
  /** The thread of the first; null where it has none. */
  readonly a: ObjectRef | null;
  /** The thread of the second; null where it has none. */
  readonly b: ObjectRef | null;
  /** How they differ; null where one has no such thread. */
  readonly conversation: ConversationDiff | null;
}

/** A request, compared with what was prepared for it. */
export interface PreparedDiff {
  /** What was compared. */
  readonly type: "prepared";
  /**
   * Whether the model was sent what was prepared: the same items, instructions and values. Null
   * when that is unknown: something was not recorded, or was sent under another name if at all.
   */
  readonly same: boolean | null;
  /** The request. */
  readonly call: RequestSide;
  /** The prepared prompt. */
  readonly prepared_payload: ObjectRef;
  /** How much of it was kept, when not all of it was: then nothing can be compared. */
  readonly prepared_capture: PayloadCapture | null;
  /** The payload with the input that was sent: the request, or its warm-up context. */
  readonly sent_payload: ObjectRef;
  /** The items; null when one side was not recorded. */
  readonly input: PreparedInput | null;
  /** The base instructions; null when one side was not recorded, or none were prepared. */
  readonly instructions: PreparedInstructions | null;
  /** All other members; null when one side was not recorded. */
  readonly members: PreparedMembers | null;
}

/** Items that were prepared and items that were sent. */
export interface PreparedInput {
  /** Items that were prepared. */
  readonly prepared_items: number;
  /** Items that were sent. */
  readonly sent_items: number;
  /** Items that were sent as prepared, metadata that is only for Codex left out or not. */
  readonly kept: number;
  /** How many of these were sent without such metadata. */
  readonly without_metadata: number;
  /** Prepared items that an incremental request did not send again. */
  readonly not_sent_again: number;
  /** Items of either side that were not recorded and cannot be compared. */
  readonly unrecorded_items: number;
  /** Whether the lists differ in so much that they were not aligned in between. */
  readonly truncated: boolean;
  /** What differs, in order. */
  readonly changes: readonly PreparedChange[];
}

/** An item that only one side has, or that was changed. */
export type PreparedChange =
  | {
    readonly change: "added";
    readonly sent: PreparedItemSummary;
    /** Whether it is the message with the base instructions. */
    readonly is_base_instructions: boolean;
  }
  | { readonly change: "removed"; readonly prepared: PreparedItemSummary }
  | {
    readonly change: "changed";
    readonly prepared: PreparedItemSummary;
    readonly sent: PreparedItemSummary;
    /** The values that differ. */
    readonly values: readonly MemberChange[];
  }
  | {
    /** An item whose counterpart may be one that was not recorded. */
    readonly change: "unknown";
    /** The side that has it. */
    readonly side: "prepared" | "sent";
    /** The item. */
    readonly item: PreparedItemSummary;
  };

/** An item of either side. */
export interface PreparedItemSummary {
  /** Its place in its list, counted from 1. */
  readonly position: number;
  /** The item of the graph; null where none is known. */
  readonly item: ObjectRef | null;
  /** Its type, such as `message`. */
  readonly item_type: string;
  /** Who speaks; null where the item has no role. */
  readonly role: string | null;
  /** The start of its text, or of its JSON. */
  readonly excerpt: string;
}

/** How the base instructions were sent. */
export interface PreparedInstructions {
  /** As the first item of the input, as a member of the request, or not with this request. */
  readonly sent_as: "item" | "member" | "not_sent";
  /** Whether the text is the prepared one; null when it was not sent, or is unknown. */
  readonly same: boolean | null;
}

/** Members besides the input and the base instructions. */
export interface PreparedMembers {
  /** Members of both sides with the same value. */
  readonly kept: number;
  /** Values of both sides that differ. */
  readonly changes: readonly MemberChange[];
  /** Members that only the prepared prompt has, without those that are null. */
  readonly only_prepared: readonly string[];
  /** Members that only the request has. */
  readonly only_sent: readonly string[];
}
