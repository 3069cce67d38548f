/**
 * What the question about payloads answers with.
 *
 * @module
 */

import type { EventType } from "../../format/event.ts";
import type {
  PayloadCapture,
  RawPayloadKindName,
} from "../../format/payload.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { ReferenceRole } from "../../graph/codec/reference.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";

/** The payloads behind an object, and what is in them where there is only one. */
export interface PayloadAnswer {
  /** What was asked for: a payload, or an object. */
  readonly object: ObjectRef;
  /** The payload itself, or those of the object, in the order of the log. */
  readonly payloads: readonly PayloadListing[];
  /** What the only payload holds; null where there are several, or none, or it was omitted. */
  readonly content: PayloadContent | null;
}

/** One payload. */
export interface PayloadListing {
  /** The payload. */
  readonly payload: ObjectRef;
  /** What it holds. */
  readonly payload_kind: RawPayloadKindName;
  /** The file that holds it, relative to the bundle's folder; null when none does. */
  readonly path: string | null;
  /** Number of the shard that holds its record; null when none does, as in schemas 1 and 2. */
  readonly shard: Integer | null;
  /** How much the recorder kept of it; null when it kept all of it. */
  readonly capture: PayloadCapture | null;
  /**
   * Its size: of one that is put together from parts, that of the complete text; of one that was
   * truncated, that of what was kept. Null where it cannot be read.
   */
  readonly bytes: number | null;
  /** Size of its own record, without its parts; null where there is none, or it has no parts. */
  readonly record_bytes: number | null;
  /** The payloads that its text is put together from, in the order of the text. */
  readonly parts: readonly PayloadPart[];
  /** The events that name it; a part is named by the payloads that it is a part of. */
  readonly events: readonly EventReference[];
  /** The objects that name it. */
  readonly referenced_by: readonly ObjectReference[];
}

/** A payload that is a part of the text of another one. */
export interface PayloadPart {
  /** The part. */
  readonly payload: ObjectRef;
  /** What it holds. */
  readonly payload_kind: RawPayloadKindName;
  /** Number of the shard that holds its record; null when it was omitted. */
  readonly shard: Integer | null;
  /** How much the recorder kept of it; null when it kept all of it. */
  readonly capture: PayloadCapture | null;
  /** Its size, as that of a payload; null where it cannot be read. */
  readonly bytes: number | null;
  /** How many parts it has itself. */
  readonly parts: number;
}

/** An event that names a payload. */
export interface EventReference {
  /** Its sequence number. */
  readonly seq: Integer;
  /** Its line in the log, counted from 1. */
  readonly line: number;
  /** Its name. */
  readonly event_type: EventType;
}

/** An object that names a payload. */
export interface ObjectReference {
  /** The object. */
  readonly object: ObjectRef;
  /** As what it names the payload. */
  readonly role: ReferenceRole;
}

/** What a payload holds. */
export interface PayloadContent {
  /** JSON, other text, or bytes that are no text. */
  readonly format: "json" | "text" | "binary";
  /**
   * The text exactly as recorded, put together from its parts; of a payload that was truncated,
   * what was kept, without a part of a character at its end. Null for bytes that are no text.
   */
  readonly text: string | null;
  /** The bytes in Base64 where they are no text; else null. */
  readonly base64: string | null;
}
