/**
 * References to payloads, and the ways replay may read one.
 *
 * @module
 */

import type { JsonNode } from "./json/json_parse.ts";
import type { RawPayloadId, ThreadId } from "./ids.ts";
import type { Integer } from "./vocabulary.ts";

/** What a payload holds. Those marked so exist since schema 3. */
export type RawPayloadKindName =
  | "inference_request"
  /** The prompt that Codex prepared, before it became a request. Schema 3. */
  | "prepared_prompt"
  /** One Responses item that several payloads share as a part. Schema 3. */
  | "model_item"
  /** A long text or an image that is stored apart from its item. Schema 3. */
  | "content_value"
  /** The complete input of a request that continues an unrecorded warm-up. Schema 3. */
  | "warmup_context"
  | "inference_response"
  | "compaction_request"
  | "compaction_checkpoint"
  | "compaction_response"
  | "tool_invocation"
  | "tool_result"
  | "tool_runtime_event"
  | "terminal_runtime_event"
  | "protocol_event"
  | "session_metadata"
  | "agent_result";

/** The payload kinds of schemas 1 and 2, in the order of the format. */
export const RAW_PAYLOAD_KINDS: readonly RawPayloadKindName[] = [
  "inference_request",
  "inference_response",
  "compaction_request",
  "compaction_checkpoint",
  "compaction_response",
  "tool_invocation",
  "tool_result",
  "tool_runtime_event",
  "terminal_runtime_event",
  "protocol_event",
  "session_metadata",
  "agent_result",
];

/** How much of a payload the recorder kept, when it did not keep all of it. Schema 3. */
export type PayloadCapture =
  | {
    status: "truncated";
    /** Bytes of the payload before it was truncated. */
    original_bytes: Integer;
    /** Bytes that were kept, from its start. */
    retained_bytes: Integer;
  }
  | {
    status: "omitted";
    /** Bytes of the payload that was left out. */
    original_bytes: Integer;
  };

/** Points from an event to a payload of the same bundle. */
export interface RawPayloadRef {
  /** Id of the payload. */
  raw_payload_id: RawPayloadId;
  /** What the payload holds. */
  kind: { type: RawPayloadKindName };
  /** Path of its file, relative to the bundle's folder. Schemas 1 and 2. */
  path?: string;
  /** Number of the shard that holds it; null when no shard does. Schema 3. */
  shard?: Integer | null;
  /** What was kept of it; left out when all of it was. Schema 3. */
  capture?: PayloadCapture;
  /** Payloads that its text is put together from; left out when there are none. Schema 3. */
  parts?: readonly RawPayloadRef[];
}

/** How many of the first elements are the same objects in both lists. */
export function countSameFirst<T>(a: readonly T[], b: readonly T[]): number {
  const max = Math.min(a.length, b.length);
  let count = 0;
  while (count < max && a[count] === b[count]) count++;
  return count;
}

/** A ref's capture and those of its parts, as far as a rule asks. */
export type Captured = Pick<RawPayloadRef, "capture" | "parts">;

/** Whether the recorder kept nothing of a payload that can be read, or only its start. */
export function isMissing({ capture }: Captured): boolean {
  return capture !== undefined;
}

/** Whether a payload and all its parts, at any depth, were kept completely. */
export function isComplete({ capture, parts }: Captured): boolean {
  return capture === undefined &&
    (parts === undefined || parts.every(isComplete));
}

/** Ids of the missing parts of a payload, at any depth, in the order of its text. */
export function missingPartsOf(ref: Captured): RawPayloadId[] {
  if (isComplete(ref)) return [];
  return (ref.parts ?? []).flatMap((part) =>
    isMissing(part) ? [part.raw_payload_id] : missingPartsOf(part)
  );
}

/** A value as `JSON.parse` makes it. Numbers may have lost their spelling. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonValue[]
  | JsonObject;

/** A JSON object as `JSON.parse` makes it. */
export interface JsonObject {
  /** The members, by key. */
  [key: string]: JsonValue;
}

/** Whether a value is an object, no array. */
export function isJsonObject(
  value: JsonValue | undefined,
): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One element of an array inside a payload: its value, and its exact source on demand. */
export interface RawElement {
  /** The element, parsed. */
  readonly value: JsonValue;
  /** The element as written in the file. Valid until the next payload is opened. */
  source(): string;
}

/** An element of a request that is not among the first ones of the last full request. */
export interface FreshElement extends RawElement {
  /**
   * Index of an element of the last full request that is the same, byte for byte: a change before it
   * moved it. `undefined` if none was found; then the element was parsed.
   */
  readonly sameAs?: number | undefined;
}

/** An opened payload. Valid until the next payload is opened. */
export interface PayloadDocument {
  /** The payload, parsed. */
  readonly value: JsonValue;
  /** The payload as written. */
  source(): string;
  /** The same value with numbers as spelled, keys in order; parsed anew at each call. */
  exact(): JsonNode;
  /** The value under a top-level key, `undefined` when there is none. */
  member(key: string): RawElement | undefined;
  /** The elements of the array under the top-level key, `undefined` when that is no array. */
  elements(key: string): readonly RawElement[] | undefined;
}

/**
 * A request's `input`, as a difference to the last full request of the same thread:
 * elements `0 … shared-1` are byte for byte those of that request, `fresh` are the others.
 */
export interface RequestWindow {
  /** `missing` and `malformed` (not an array) leave `fresh` empty. */
  readonly input: "list" | "missing" | "malformed";
  /** The answer that an incremental request builds on. */
  readonly previousResponseId: string | null;
  /** Always 0 for an incremental request. */
  readonly shared: number;
  /** The other elements. */
  readonly fresh: readonly FreshElement[];
}

/** A member of a request other than its `input`. */
export interface RequestMember {
  /** Its key. */
  readonly key: string;
  /** Bytes of key, colon and value as sent: without white space between tokens. */
  readonly bytes: number;
}

/** How many bytes the parts of a request have as sent: without white space between tokens. */
export interface RequestSizes {
  /** Of each fresh element of `input`, in order. */
  readonly fresh: readonly number[];
  /** Of everything else, in order; without the braces and commas around and between. */
  readonly members: readonly RequestMember[];
}

/** A request, and how large its parts are. */
export interface MeasuredRequest {
  /** What it adds to the full request before it. */
  readonly window: RequestWindow;
  /** Sizes of what it adds, and of everything but its elements. */
  readonly sizes: RequestSizes;
}

/** Where the reducer gets payloads from; the reducer itself knows no disk. */
export interface PayloadSource {
  /** Takes note of a reference that an event names for the first time, before it is read. */
  register(ref: RawPayloadRef): void;
  /**
   * Reads and parses a payload.
   *
   * @throws {PayloadError} If it cannot be read or is not strict JSON.
   */
  open(ref: RawPayloadRef): PayloadDocument;
  /**
   * Reads an inference request of `thread`, as what it adds to the full request before it.
   *
   * @throws {PayloadError} If it cannot be read or is not strict JSON.
   */
  openRequest(ref: RawPayloadRef, thread: ThreadId): RequestWindow;
  /** Forgets the request window of a thread, which frees its memory. */
  closeThread(thread: ThreadId): void;
  /**
   * Checks every registered payload, used or not: that it exists as its reference claims, and is
   * one JSON value of any depth. Faults go to `report`, in the order of the reference.
   *
   * @param isClosed Whether the recorder closed the log.
   */
  verifyAll(isClosed: boolean, report: (fault: unknown) => void): void;
}
