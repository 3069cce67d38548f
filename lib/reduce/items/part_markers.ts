/**
 * Markers of missing parts in a payload that is composed of parts.
 *
 * In place of a truncated or omitted part, the payload has an object whose only key is
 * {@linkcode MARKER_KEY} and whose value is the id of the part. An object of this form is a marker
 * only if it has the id of a missing part of this payload.
 *
 * @module
 */

import type { RawPayloadId } from "../../format/ids.ts";
import {
  isJsonObject,
  type JsonValue,
  missingPartsOf,
  type RawPayloadRef,
} from "../../format/payload.ts";

/** The only key of a marker. */
export const MARKER_KEY = "$trace_unavailable";

/** Recognizes the markers of one payload. */
export class PartMarkers {
  readonly #missing: ReadonlySet<RawPayloadId>;
  /** The ids of the missing parts as one string: equal for payloads with the same ones. */
  readonly key: string;
  /** Whether any value so far had the form of a marker. */
  seen = false;

  /** Recognizes the markers of the payload `ref`. */
  constructor(ref: RawPayloadRef) {
    const ids = missingPartsOf(ref);
    this.#missing = new Set(ids);
    this.key = ids.length === 0 ? "" : JSON.stringify(ids);
  }

  /** Returns the id of the missing part that `value` is the marker of, else `undefined`. */
  partOf(value: JsonValue | undefined): RawPayloadId | undefined {
    if (!isJsonObject(value)) return undefined;
    const id = value[MARKER_KEY];
    if (typeof id !== "string" || Object.keys(value).length !== 1) {
      return undefined;
    }
    this.seen = true;
    return this.#missing.has(id) ? id : undefined;
  }
}
