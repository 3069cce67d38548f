/**
 * What the question about a transcript answers with.
 *
 * @module
 */

import type { PayloadCapture } from "../../format/payload.ts";
import type { UnixMs } from "../../format/vocabulary.ts";
import type {
  AgentMessageAddress,
  ConversationChannel,
  ConversationItemKind,
  ConversationRole,
} from "../../graph/conversation.ts";
import type { ClockJump } from "../evidence/clock/clock_jump.ts";
import type { HistoryOrigin } from "../evidence/links/inherited_history.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";

/** What models received and wrote: a full thread, or the input of one request. */
export interface TranscriptAnswer extends TranscriptHead {
  /** The pieces, in order. */
  readonly entries: readonly TranscriptEntry[];
}

/** What a transcript is of. */
export interface TranscriptHead {
  /** The thread. */
  readonly thread: ObjectRef;
  /** Path of its agent. */
  readonly agent_path: string;
  /** The request whose input it is; null for a full thread. */
  readonly request: TranscriptRequest | null;
  /** Items in the transcript. */
  readonly items: number;
  /** Where the clock of the recording jumped: times across it are unknown. */
  readonly clock_jumps: readonly ClockJump[];
  /** The threads it is not of. */
  readonly other_threads: readonly ObjectRef[];
}

/** The request whose input a transcript is. */
export interface TranscriptRequest {
  /** The call. */
  readonly call: ObjectRef;
  /** Its turn. */
  readonly turn: ObjectRef;
  /** The payload with the input: the request, or the warm-up context in its place. */
  readonly payload: ObjectRef;
  /** How much of that payload was kept, when not all of it was: then the input is unknown. */
  readonly capture: PayloadCapture | null;
  /** Why that payload cannot be used; null where it can. */
  readonly error: string | null;
  /** Whether the payload is a warm-up context, so that not all of it was sent with the request. */
  readonly is_warmup: boolean;
  /** The model. */
  readonly model: string;
  /** The request of the thread before it: what is new is relative to this one. */
  readonly previous_call: ObjectRef | null;
  /** Items that the request before did not have; null when one of them was not recorded. */
  readonly new_items: number | null;
  /** Items of the request before that this one no longer has; null as for new ones. */
  readonly dropped_items: number | null;
  /** Items that were not sent again, because the request continues a response; else 0. */
  readonly inherited_items: number;
}

/** A piece of a transcript. */
export type TranscriptEntry =
  | TranscriptItem
  | TranscriptCompaction
  | TranscriptDroppedItems
  | TranscriptInheritedHistory
  | TranscriptInstructions
  | TranscriptOtherElement
  | TranscriptUnrecorded;

/** Something that a model received or wrote. */
export interface TranscriptItem {
  /** What sort of piece it is. */
  readonly type: "item";
  /** The item. */
  readonly item: ObjectRef;
  /** Its place in the request's `input`; null in a full thread, and when it was not sent again. */
  readonly index: number | null;
  /** Who speaks. */
  readonly role: ConversationRole;
  /** How an assistant means it. */
  readonly channel: ConversationChannel | null;
  /** What it is. */
  readonly kind: ConversationItemKind;
  /** The tool that is called, or whose output it is; null for anything else. */
  readonly tool: string | null;
  /** The call it makes or answers, by the id the model knows. */
  readonly call_id: string | null;
  /** Who wrote to whom, in a message between agents. */
  readonly agent_message: AgentMessageAddress | null;
  /** The turn in which it was first seen; null of an inherited item. */
  readonly turn: ObjectRef | null;
  /** Whether the thread had it before it was recorded: by a resume, a fork, or another thread. */
  readonly is_inherited: boolean;
  /** When it was first seen. */
  readonly first_seen_at_unix_ms: UnixMs;
  /** The first request that carried it; null when none did. */
  readonly first_request: ObjectRef | null;
  /**
   * Whether the request before did not have it; null in a full thread, and where one of the two
   * requests was not recorded in full.
   */
  readonly is_new: boolean | null;
  /** Whether the history of the thread has it: a response may never be accepted into it. */
  readonly is_accepted: boolean;
  /**
   * The request that carried this call without an output: the one of the transcript, or, in a full
   * thread, the first, where no request has an output. Null for anything else.
   */
  readonly lacks_output_in: ObjectRef | null;
  /** What caused it to exist; empty where it was not recorded. */
  readonly produced_by: readonly ItemCause[];
  /** Its content. */
  readonly parts: readonly TranscriptPart[];
}

/** What caused an item to exist. */
export interface ItemCause {
  /** Which sort of cause. */
  readonly type:
    | "user_input"
    | "inference"
    | "tool"
    | "code_cell"
    | "interaction_edge"
    | "compaction"
    | "agent"
    | "harness";
  /** The object behind it; null for users and the harness. */
  readonly object: ObjectRef | null;
}

/** A history that was replaced by a shorter one. */
export interface TranscriptCompaction {
  /** What sort of piece it is. */
  readonly type: "compaction";
  /** The compaction. */
  readonly compaction: ObjectRef;
  /** The item that marks the place. */
  readonly marker: ObjectRef;
  /** The turn that it belongs to. */
  readonly turn: ObjectRef;
  /** When the new history took effect. */
  readonly installed_at_unix_ms: UnixMs;
  /** The requests made for it. */
  readonly requests: readonly ObjectRef[];
  /** How much of the checkpoint was kept, when not all of it was: then both lists are unknown. */
  readonly capture: PayloadCapture | null;
  /** Items that went and were not recorded, besides `replaced_items`; null where unknown. */
  readonly unrecorded_replaced_items: number | null;
  /** Replacement items that were not recorded, besides `replacement_items`; null where unknown. */
  readonly unrecorded_replacement_items: number | null;
  /** The items that were replaced. */
  readonly replaced_items: readonly ObjectRef[];
  /** The items that replace them. */
  readonly replacement_items: readonly ObjectRef[];
}

/** Items that left the prompt without a recorded compaction: a history rewound or replaced. */
export interface TranscriptDroppedItems {
  /** What sort of piece it is. */
  readonly type: "dropped_items";
  /** The first request without them. */
  readonly call: ObjectRef;
  /** Its turn. */
  readonly turn: ObjectRef;
  /** The items that left the prompt, in the order of the history. */
  readonly items: readonly ObjectRef[];
}

/** A history from before the thread was recorded; its items follow. */
export interface TranscriptInheritedHistory {
  /** What sort of piece it is. */
  readonly type: "inherited_history";
  /** The first request that carried it; null in a session log, which has no requests. */
  readonly call: ObjectRef | null;
  /** How the thread got it; null where it was not recorded. */
  readonly origin: HistoryOrigin | null;
  /** Id of the thread that had it before, of any session; null where it was not recorded. */
  readonly thread_id: string | null;
  /** Its items. */
  readonly items: readonly ObjectRef[];
}

/** The `instructions` of a request, which are no item. */
export interface TranscriptInstructions {
  /** What sort of piece it is. */
  readonly type: "instructions";
  /** Their text. */
  readonly text: string;
}

/** An element of a request that is no item, such as tools that were found. */
export interface TranscriptOtherElement {
  /** What sort of piece it is. */
  readonly type: "other_element";
  /** Its place in the request's `input`. */
  readonly index: number;
  /** What the element calls itself. */
  readonly label: string;
  /** The element, as JSON. */
  readonly json: string;
}

/** Something that a model received or wrote and that was left out by a limit, or lost. */
export interface TranscriptUnrecorded {
  /** What sort of piece it is. */
  readonly type: "unrecorded";
  /** A complete request, a complete response, or one item of either. */
  readonly part: "request" | "response" | "item";
  /** The call that it belongs to. */
  readonly call: ObjectRef;
  /** The turn of the call. */
  readonly turn: ObjectRef;
  /** The payload that was truncated, omitted or lost. */
  readonly payload: ObjectRef;
  /** How much of it was kept; null where it was recorded and is lost. */
  readonly capture: PayloadCapture | null;
  /** Why it cannot be used, such as a file that is missing; null where it was left out. */
  readonly error: string | null;
}

/** A part of an item. */
export type TranscriptPart =
  | {
    /** Words, or a summary of thoughts. */
    readonly type: "text" | "summary";
    /** The words. */
    readonly text: string;
  }
  | {
    /** Something encrypted. */
    readonly type: "encoded";
    /** What it is called. */
    readonly label: string;
    /** The cipher. */
    readonly value: string;
  }
  | {
    /** Arguments, or an output, in JSON. */
    readonly type: "json";
    /** The JSON as sent; only its beginning where it is cut. */
    readonly json: string;
    /** Whether this is only the beginning: the payload was not available. */
    readonly is_truncated: boolean;
    /** The payload with the complete JSON. */
    readonly payload: ObjectRef | null;
  }
  | {
    /** Code. */
    readonly type: "code";
    /** Its language. */
    readonly language: string;
    /** The code. */
    readonly text: string;
  }
  | {
    /** Something that is no text, such as an image. */
    readonly type: "payload_ref";
    /** What it is called. */
    readonly label: string;
    /** Its media type, where the element has it. */
    readonly media_type: string | null;
    /** Its size, where the element holds it. */
    readonly bytes: number | null;
    /** Hash of the element, where the graph has one. */
    readonly content_sha256: string | null;
    /** The payload that holds it. */
    readonly payload: ObjectRef | null;
    /** How much of that payload was kept, when not all of it was. */
    readonly capture: PayloadCapture | null;
  };

/** A transcript that is still to be read. */
export interface OpenTranscript {
  /** What it is of. */
  readonly head: TranscriptHead;
  /** Makes the pieces, in order; to be walked once. */
  entries(): Iterable<TranscriptEntry>;
}
