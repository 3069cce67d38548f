/**
 * What the question about payloads answers with.
 *
 * @module
 */

import type { EventType } from "../../format/event.ts";
import type { RawPayloadKindName } from "../../format/payload.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { ReferenceRole } from "../links/reference.ts";
import type { ObjectRef } from "../names/object_kind.ts";

/** The payloads behind an object, and what is in them where there is only one. */
export interface PayloadAnswer {
  /** What was asked for: a payload, or an object. */
  readonly object: ObjectRef;
  /** The payload itself, or those that tell of the object, in the order of the log. */
  readonly payloads: readonly PayloadListing[];
  /** What the only payload holds; null where there are several, or none. */
  readonly content: PayloadContent | null;
}

/** One payload. */
export interface PayloadListing {
  /** The payload. */
  readonly payload: ObjectRef;
  /** What the file holds. */
  readonly payload_kind: RawPayloadKindName;
  /** Path of the file, relative to the bundle's folder. */
  readonly path: string;
  /** Its size; null where it cannot be read. */
  readonly bytes: number | null;
  /** The events that name it. */
  readonly events: readonly NamingEvent[];
  /** The objects that name it. */
  readonly named_by: readonly NamingObject[];
}

/** An event that names a payload. */
export interface NamingEvent {
  /** Its sequence number. */
  readonly seq: Integer;
  /** Its line in the log, counted from 1. */
  readonly line: number;
  /** Its name. */
  readonly event_type: EventType;
}

/** An object that names a payload. */
export interface NamingObject {
  /** The object. */
  readonly object: ObjectRef;
  /** As what it names the payload. */
  readonly role: ReferenceRole;
}

/** What a payload holds. */
export interface PayloadContent {
  /** JSON, other text, or bytes that are no text. */
  readonly format: "json" | "text" | "binary";
  /** The text, exactly as in the file; null for bytes that are no text. */
  readonly text: string | null;
  /** The bytes in Base64 where they are no text; else null. */
  readonly base64: string | null;
}
