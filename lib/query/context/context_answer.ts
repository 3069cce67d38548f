/**
 * What the questions about context answer with.
 *
 * Sizes are bytes as sent: UTF-8 of the JSON without white space between its tokens, whatever
 * the indentation of the payload file; what the recorder's limits left out of a payload counts with
 * the bytes that it had. Tokens are what the provider reported; nothing is estimated. Of a request that
 * was not recorded, all but its place in the thread and its tokens is unknown: null, or an empty
 * list.
 *
 * @module
 */

import type { CacheLoss } from "./cache/cache_answer.ts";
import type { TokenUsage } from "../../graph/runtime.ts";
import type { PayloadCapture } from "../../format/payload.ts";
import type { ExecutionStatus, Integer } from "../../format/vocabulary.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";

/** The source of a part of a prompt. */
export type ContextSource =
  /** The request's `instructions`, and messages of system and developer. */
  | "instructions"
  /** The tools that the model may call. */
  | "tools"
  /** Messages of users, and those that the harness adds in their role. */
  | "user"
  /** Messages of the model. */
  | "assistant"
  /** Reasoning of the model. */
  | "reasoning"
  /** Calls that the model made. */
  | "tool_call"
  /** Outputs of tools. */
  | "tool_output"
  /** Messages between agents. */
  | "agent_message"
  /** Summaries of a history that was replaced. */
  | "compaction"
  /** Elements of `input` of a sort that is not known here. */
  | "other_item"
  /** All other members of the request, and the punctuation that holds it together. */
  | "request";

/** The share of a prompt from one source. */
export interface ContextPart {
  /** Its source. */
  readonly source: ContextSource;
  /** The tool of outputs and calls, the member of a request; null where there is none. */
  readonly name: string | null;
  /** Elements of `input`; 0 for members of the request. */
  readonly elements: number;
  /** Bytes. */
  readonly bytes: number;
  /** Elements that the request before did not have; null when that was not recorded. */
  readonly new_elements: number | null;
  /** Bytes of these. */
  readonly new_bytes: number | null;
}

/** One piece of a prompt. */
export interface ContextElement {
  /** Its place in `input`, from 0; null for a member of the request. */
  readonly index: number | null;
  /** The item that the element is; null for members, and for elements that are no item. */
  readonly item: ObjectRef | null;
  /** Its source. */
  readonly source: ContextSource;
  /** The tool or the member; null where there is none. */
  readonly name: string | null;
  /** Bytes. */
  readonly bytes: number;
  /** Whether the request before did not have it; null for members, and when that is unknown. */
  readonly is_new: boolean | null;
}

/** A text that one prompt has more than once. */
export interface RepeatedText {
  /** Its source. */
  readonly source: ContextSource;
  /** The tool of outputs and calls; null where there is none. */
  readonly name: string | null;
  /** Places of the elements with it in `input`, from 0. */
  readonly indexes: readonly number[];
  /** Their items; null for an element that is no item. */
  readonly items: readonly (ObjectRef | null)[];
  /** Bytes of the first. */
  readonly bytes: number;
  /** Bytes of all others: what was sent again. */
  readonly repeated_bytes: number;
}

/** A tool that a request offers. */
export interface ToolDefinition {
  /** Its name, or its type where it has none; null where it has neither. */
  readonly name: string | null;
  /** What it is for, in the words that the model reads; null where it has none. */
  readonly description: string | null;
  /** Its definition, as JSON. */
  readonly definition: string;
  /** Whether it is defined in the input, and not in the member `tools`. */
  readonly is_in_input: boolean;
  /** Bytes of its definition. */
  readonly bytes: number;
}

/** What an incremental request continues. */
export interface InheritedContext {
  /** Id of the response that it continues. */
  readonly previous_response_id: string;
  /** The call that was answered with it; null when it was not recorded. */
  readonly call: ObjectRef | null;
  /** Items the model saw that were not sent again. */
  readonly items: number;
}

/** What a request with a warm-up continues: its input is in a payload of its own. */
export interface WarmupContext {
  /** The payload with the complete input. */
  readonly payload: ObjectRef;
  /** The request as it was sent, with the input after the warm-up. */
  readonly request_payload: ObjectRef;
}

/** The prompt of one request, by source. */
export interface ContextAnswer {
  /** The call that was asked with it. */
  readonly call: ObjectRef;
  /** Its thread. */
  readonly thread: ObjectRef;
  /** Its turn. */
  readonly turn: ObjectRef;
  /** The payload that holds it: the request, or the warm-up context in its place. */
  readonly payload: ObjectRef;
  /** How much of that payload was kept, when not all of it was: then its parts are unknown. */
  readonly request_capture: PayloadCapture | null;
  /** Why that payload cannot be used, such as a file that is missing; null where it can. */
  readonly request_error: string | null;
  /** How much of the response was kept, when not all of it was: then the tokens are unknown. */
  readonly response_capture: PayloadCapture | null;
  /** Why the payload of the response cannot be used; null where it can. */
  readonly response_error: string | null;
  /** The model. */
  readonly model: string;
  /** Number of the call among those of its thread, from 1. */
  readonly ordinal: number;
  /** The request of the thread before it: what is new is relative to this one. */
  readonly previous_call: ObjectRef | null;
  /** What an incremental request continues; null for a full one. */
  readonly inherited: InheritedContext | null;
  /** The warm-up that it continues; null when there was none. */
  readonly warmup: WarmupContext | null;
  /** Bytes of the entire request: the sum of all parts. */
  readonly bytes: number | null;
  /** Bytes of `input`'s elements. */
  readonly input_bytes: number | null;
  /** Elements of `input`. */
  readonly elements: number | null;
  /** Items that the model saw, inherited ones included; those of `unrecorded_items` are not. */
  readonly items: number | null;
  /** Elements of `input` that were not recorded, so that their content is unknown. */
  readonly unrecorded_items: number | null;
  /** Elements that the request before did not have; unknown when that was not recorded. */
  readonly new_elements: number | null;
  /** Bytes of these. */
  readonly new_bytes: number | null;
  /** Items of the request before that this one no longer has. */
  readonly dropped_items: number | null;
  /**
   * How many new elements have the same content as one of those, at any position: a compaction, or
   * a changed history, assigned other ids. `diff` treats those as the same that are in the same
   * order.
   */
  readonly repeated_items: number | null;
  /**
   * Texts that the prompt has more than once, those that cost most first; ids and calls do not
   * count. Of an incremental request, those in what it sends.
   */
  readonly repeated_texts: readonly RepeatedText[];
  /** Calls in the prompt that have no output in it; providers refuse these. */
  readonly calls_without_output: readonly ObjectRef[];
  /** Tokens, as the provider reported; null when it reported none, or the response was not recorded. */
  readonly usage: TokenUsage | null;
  /** How many tokens the context of the model can have; null when that was not recorded. */
  readonly model_context_window: number | null;
  /** The reasoning effort that it asked for; null when it names none, or was not recorded. */
  readonly reasoning_effort: string | null;
  /** How it lost the provider's cache; null where it did not, and where that is unknown. */
  readonly cache_loss: CacheLoss | null;
  /** Every part; those of one source are adjacent, larger ones first. */
  readonly parts: readonly ContextPart[];
  /** The largest pieces, at most ten. */
  readonly largest: readonly ContextElement[];
  /** The tools that the request offers, larger definitions first; empty where that is unknown. */
  readonly tools: readonly ToolDefinition[];
  /** Whether these are all: false where the request, or one that it continues, was not recorded. */
  readonly tools_complete: boolean;
}

/** One request among those of its thread. */
export interface GrowthPoint {
  /** The call. */
  readonly call: ObjectRef;
  /** Its turn. */
  readonly turn: ObjectRef;
  /** When it was sent. */
  readonly started_at_unix_ms: Integer;
  /** How it ended. */
  readonly status: ExecutionStatus;
  /** The model. */
  readonly model: string;
  /** Compactions that took effect between the request before and this one. */
  readonly compactions: readonly ObjectRef[];
  /** How much of the request was kept, when not all of it was: then it is unknown. */
  readonly request_capture: PayloadCapture | null;
  /** Why its payload cannot be used, such as a file that is missing; null where it can. */
  readonly request_error: string | null;
  /** Whether it names only what is new since an answer. */
  readonly is_incremental: boolean | null;
  /** Whether its input is that of a warm-up context. */
  readonly has_warmup: boolean;
  /** Bytes of the entire request. */
  readonly bytes: number | null;
  /** Elements of `input`. */
  readonly elements: number | null;
  /** Items that the model saw, inherited ones included; those of `unrecorded_items` are not. */
  readonly items: number | null;
  /** Elements of `input` that were not recorded, so that their content is unknown. */
  readonly unrecorded_items: number | null;
  /** Elements that the request before did not have; unknown when that was not recorded. */
  readonly new_elements: number | null;
  /** Bytes of these. */
  readonly new_bytes: number | null;
  /** Items of the request before that this one no longer has. */
  readonly dropped_items: number | null;
  /**
   * How many new elements have the same content as one of those, at any position: a compaction, or
   * a changed history, assigned other ids. `diff` treats those as the same that are in the same
   * order.
   */
  readonly repeated_items: number | null;
  /** All input tokens, as the provider reported; null when it reported none. */
  readonly input_tokens: Integer | null;
  /** Those among them that were served from a cache. */
  readonly cached_input_tokens: Integer | null;
  /** Bytes by source; every source is named, and together they are `bytes`. */
  readonly bytes_by_source: Readonly<Record<ContextSource, number>> | null;
}

/** How the prompts of a thread grew. */
export interface ContextGrowth {
  /** The thread. */
  readonly thread: ObjectRef;
  /** Its requests, in the order in which they were sent. */
  readonly calls: readonly GrowthPoint[];
}

/** The answer of `context`: one request, and how it grew to its size. */
export interface ContextReport {
  /** The request. */
  readonly context: ContextAnswer;
  /** All requests of its thread. */
  readonly growth: ContextGrowth;
}
