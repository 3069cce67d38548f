/**
 * What is known of the provider's cache: which requests lost it, and what had changed.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";

/** One thing by which the start of a prompt differs from that of an earlier request. */
export type PrefixDifference =
  | {
    /** Another model, or the same of another provider. */
    readonly what: "model" | "provider";
    /** In the earlier request. */
    readonly a: string;
    /** In this one. */
    readonly b: string;
  }
  | {
    /** A value of the request besides its input: tools, instructions, settings. */
    readonly what: "value";
    /** Keys that lead to it; a tool is named by its name. */
    readonly path: readonly string[];
    /** Whether only one request has it; `reordered` where the same elements are in another order. */
    readonly change: "added" | "removed" | "changed" | "reordered";
    /** The value of the earlier request as JSON; null where it has none. */
    readonly a: string | null;
    /** The value of this one as JSON; null where it has none. */
    readonly b: string | null;
  }
  | {
    /** An element of the input; all behind it is another prefix. */
    readonly what: "item";
    /** Its place in the input, counted from 1. */
    readonly position: number;
    /** Whether the earlier one was rewritten or removed, or another inserted in front of it. */
    readonly change: "rewritten" | "removed" | "inserted";
    /** Its type in the earlier request, such as `message`; null where it is not known. */
    readonly element_type: string | null;
    /** The item in the earlier request; null for an element that is no item. */
    readonly a: ObjectRef | null;
    /** The item in its place; null where there is none, or for an element that is no item. */
    readonly b: ObjectRef | null;
    /** The compaction that replaced the history between the two; null where none did. */
    readonly compaction: ObjectRef | null;
  };

/** A request that was served less from the cache than the request before it had sent. */
export interface CacheLoss {
  /** The request. */
  readonly call: ObjectRef;
  /** Its thread. */
  readonly thread: ObjectRef;
  /** The request of the thread that it is compared with: the latest one before with tokens. */
  readonly previous_call: ObjectRef;
  /** Tokens of this request that were served from the cache. */
  readonly cached_input_tokens: Integer;
  /** Tokens that the request before had sent and that were sent again without a cache. */
  readonly lost_tokens: number;
  /**
   * Time from the end of the request before to the start of this one; null where that is
   * unknown, or where the clock was set back meanwhile.
   */
  readonly gap_ms: Integer | null;
  /** What differs before the new part of the prompt, in the order of the prompt. */
  readonly differences: readonly PrefixDifference[];
  /** Whether these are all; false where a request was not recorded completely. */
  readonly differences_complete: boolean;
}

/** What is known of the cache in a session. */
export interface CacheUse {
  /** Requests that lost the cache, by thread, in order. */
  readonly losses: readonly CacheLoss[];
  /** Tokens sent again without a cache in all; null when no request has usage, or 0 may be too few. */
  readonly lost_tokens: number | null;
  /** Requests whose tokens are unknown, and so whether they lost the cache. */
  readonly unknown_calls: number | null;
}
