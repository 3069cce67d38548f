/**
 * What differs between the prompt that Codex prepared and the request that it sent: an answer of
 * `diff`.
 *
 * @module
 */

import type { PayloadCapture } from "../../format/payload.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { MemberChange, RequestSide } from "./answer.ts";

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
  /** Who speaks; null where the item does not say it. */
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
