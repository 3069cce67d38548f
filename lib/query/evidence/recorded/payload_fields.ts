/**
 * The objects in a payload and in a text, and the texts in them.
 *
 * @module
 */

import { PayloadError } from "../../../errors.ts";
import type { RawPayloadId } from "../../../format/ids.ts";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../../../format/payload.ts";
import type { TraceSession } from "../../session/session.ts";

/** The object in a payload; null where there is none, or where it cannot be read. */
export function payloadObject(
  { payloads, trace }: TraceSession,
  id: RawPayloadId | null | undefined,
): JsonObject | null {
  const ref = id === null || id === undefined
    ? undefined
    : trace.raw_payloads.get(id);
  if (ref === undefined || payloads === null) return null;
  try {
    const { value } = payloads.open(ref);
    return isJsonObject(value) ? value : null;
  } catch (error) {
    // The failure itself is known from the graph; `check` reports that its text is lost.
    if (error instanceof PayloadError) return null;
    throw error;
  }
}

/** A text under a path of keys. */
export function textIn(
  value: JsonValue | undefined,
  ...keys: readonly string[]
): string | null {
  let at = value;
  for (const key of keys) {
    if (!isJsonObject(at)) return null;
    at = at[key];
  }
  return typeof at === "string" && at.trim() !== "" ? at : null;
}

/** The object that a text is as JSON; one without keys where it is none. */
export function objectIn(text: string | null | undefined): JsonObject {
  try {
    const value: JsonValue = JSON.parse(text ?? "null");
    return isJsonObject(value) ? value : {};
  } catch (error) {
    // Arguments and outputs are as a model or a tool wrote them.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
