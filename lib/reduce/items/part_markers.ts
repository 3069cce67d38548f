/**
 * Markers of missing parts inside a payload that was put together from parts.
 *
 * Where a part was truncated or omitted, the text of the payload has an object whose only key is
 * {@linkcode MARKER_KEY} and whose value is the part's id. An object that merely looks like one is
 * ordinary: it counts only for a part that is missing of the payload being read.
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
  /** The missing parts as one text: equal for two payloads that miss the same parts. */
  readonly key: string;
  /** Whether anything so far looked like a marker, be it one or not. */
  seen = false;

  /** Takes the payload that is read. */
  constructor(ref: RawPayloadRef) {
    const ids = missingPartsOf(ref);
    this.#missing = new Set(ids);
    this.key = ids.length === 0 ? "" : JSON.stringify(ids);
  }

  /** Id of the missing part that `value` stands for, `undefined` when it is an ordinary value. */
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
