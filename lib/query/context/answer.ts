/**
 * What the questions about context answer with.
 *
 * Sizes are bytes as sent: UTF-8 of the JSON without white space between its tokens, whatever
 * the indentation of the payload file. Tokens are what the provider told; nothing is estimated.
 *
 * @module
 */

import type { TokenUsage } from "../../graph/inference.ts";
import type { ExecutionStatus, Integer } from "../../format/vocabulary.ts";
import type { ObjectRef } from "../names/object_kind.ts";

/** Where a part of a prompt comes from. */
export type ContextSource =
  /** The request's `instructions`, and what system and developer say. */
  | "instructions"
  /** The tools that the model may call. */
  | "tools"
  /** What users say, and what the harness says in their name. */
  | "user"
  /** What the model said. */
  | "assistant"
  /** What the model thought. */
  | "reasoning"
  /** Calls that the model made. */
  | "tool_call"
  /** What tools gave back. */
  | "tool_output"
  /** Messages between agents. */
  | "agent_message"
  /** Summaries of a history that was replaced. */
  | "compaction"
  /** Elements of `input` of a sort that is not known here. */
  | "other_item"
  /** All other members of the request, and the punctuation that holds it together. */
  | "request";

/** A share of a prompt that comes from one source. */
export interface ContextPart {
  /** Where it comes from. */
  readonly source: ContextSource;
  /** The tool of outputs and calls, the member of a request; null where there is none. */
  readonly name: string | null;
  /** Elements of `input`; 0 for members of the request. */
  readonly elements: number;
  /** Bytes. */
  readonly bytes: number;
  /** Elements that the request before did not have. */
  readonly new_elements: number;
  /** Bytes of these. */
  readonly new_bytes: number;
}

/** One piece of a prompt. */
export interface ContextElement {
  /** Its place in `input`, from 0; null for a member of the request. */
  readonly index: number | null;
  /** The item that the element is; null for members, and for elements that are no item. */
  readonly item: ObjectRef | null;
  /** Where it comes from. */
  readonly source: ContextSource;
  /** The tool or the member; null where there is none. */
  readonly name: string | null;
  /** Bytes. */
  readonly bytes: number;
  /** Whether the request before did not have it; null for members. */
  readonly is_new: boolean | null;
}

/** A tool that a request offers. */
export interface ToolDefinition {
  /** Its name, or its type where it has none; null where it has neither. */
  readonly name: string | null;
  /** Bytes of its definition. */
  readonly bytes: number;
}

/** What an incremental request goes on from. */
export interface InheritedContext {
  /** Id of the answer it goes on from. */
  readonly previous_response_id: string;
  /** The call that was answered with it; null when it was not recorded. */
  readonly call: ObjectRef | null;
  /** Items the model saw that were not sent again. */
  readonly items: number;
}

/** The prompt of one request, by source. */
export interface ContextAnswer {
  /** The call that was asked with it. */
  readonly call: ObjectRef;
  /** Its thread. */
  readonly thread: ObjectRef;
  /** Its turn. */
  readonly turn: ObjectRef;
  /** The payload that holds it. */
  readonly payload: ObjectRef;
  /** The model. */
  readonly model: string;
  /** Number of the call among those of its thread, from 1. */
  readonly ordinal: number;
  /** The request of the thread before it: what is new is told against this one. */
  readonly previous_call: ObjectRef | null;
  /** What an incremental request goes on from; null for a full one. */
  readonly inherited: InheritedContext | null;
  /** Bytes of the whole request: the sum of all parts. */
  readonly bytes: number;
  /** Bytes of `input`'s elements. */
  readonly input_bytes: number;
  /** Elements of `input`. */
  readonly elements: number;
  /** Items that the model saw, inherited ones included. */
  readonly items: number;
  /** Elements that the request before did not have. */
  readonly new_elements: number;
  /** Bytes of these. */
  readonly new_bytes: number;
  /** Items of the request before that this one no longer has. */
  readonly dropped_items: number;
  /**
   * How many new elements say the same as one of those, wherever they stand: a compaction, or a
   * history that was changed, gave them other ids. `diff` takes those for the same that stand in
   * the same order.
   */
  readonly repeated_items: number;
  /** Tokens, as the provider told; null when it told none. */
  readonly usage: TokenUsage | null;
  /** Every part; those of one source stand together, larger ones first. */
  readonly parts: readonly ContextPart[];
  /** The largest pieces, at most ten. */
  readonly largest: readonly ContextElement[];
  /** The tools that the request offers, larger definitions first. */
  readonly tools: readonly ToolDefinition[];
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
  /** Whether it names only what is new since an answer. */
  readonly is_incremental: boolean;
  /** Bytes of the whole request. */
  readonly bytes: number;
  /** Elements of `input`. */
  readonly elements: number;
  /** Items that the model saw, inherited ones included. */
  readonly items: number;
  /** Elements that the request before did not have. */
  readonly new_elements: number;
  /** Bytes of these. */
  readonly new_bytes: number;
  /** Items of the request before that this one no longer has. */
  readonly dropped_items: number;
  /**
   * How many new elements say the same as one of those, wherever they stand: a compaction, or a
   * history that was changed, gave them other ids. `diff` takes those for the same that stand in
   * the same order.
   */
  readonly repeated_items: number;
  /** All input tokens, as the provider told; null when it told none. */
  readonly input_tokens: Integer | null;
  /** Those among them that came from a cache. */
  readonly cached_input_tokens: Integer | null;
  /** Bytes by source; every source is named, and together they are `bytes`. */
  readonly bytes_by_source: Readonly<Record<ContextSource, number>>;
}

/** How the prompts of a thread grew. */
export interface ContextGrowth {
  /** The thread. */
  readonly thread: ObjectRef;
  /** Its requests, in the order in which they were sent. */
  readonly calls: readonly GrowthPoint[];
}

/** What `context` tells: one request, and how it came to be that large. */
export interface ContextReport {
  /** The request. */
  readonly context: ContextAnswer;
  /** All requests of its thread. */
  readonly growth: ContextGrowth;
}
