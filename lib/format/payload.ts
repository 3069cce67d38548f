/**
 * References to payload files, and the ways replay may look into one.
 *
 * @module
 */

import type { JsonNode } from "./json/json_node.ts";
import type { RawPayloadId, ThreadId } from "./ids.ts";

/** What a payload file holds. */
export type RawPayloadKindName =
  | "inference_request"
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

/** Every {@linkcode RawPayloadKindName}. */
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

/** Points from an event to a payload file of the same bundle. */
export interface RawPayloadRef {
  /** Id of the payload. */
  raw_payload_id: RawPayloadId;
  /** What the file holds. */
  kind: { type: RawPayloadKindName };
  /** Path of the file, relative to the bundle's folder. */
  path: string;
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
 * A request's `input`, told as what it adds to the last full request of the same thread:
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
  readonly fresh: readonly RawElement[];
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
   * Checks that a payload exists and is one JSON value of any depth.
   *
   * @throws {PayloadError} If not.
   */
  verify(ref: RawPayloadRef): void;
}
