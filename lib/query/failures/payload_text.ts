/**
 * What payloads say of a fault, as far as they can be read.
 *
 * @module
 */

import { PayloadError } from "../../errors.ts";
import type { RawPayloadId } from "../../format/ids.ts";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../../format/payload.ts";
import type { Session } from "../session/session.ts";

/** The object in a payload; null where there is none, or where it cannot be read. */
export function payloadObject(
  { payloads, trace }: Session,
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
    // The fault itself is known from the graph; that its words are lost is told by `check`.
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

/** The text of a tool's output as the model gets it: a string, or items with texts. */
export function outputText(value: JsonValue | undefined): string | null {
  if (typeof value === "string") return value.trim() === "" ? null : value;
  if (Array.isArray(value)) {
    const texts = value.flatMap((each) => textIn(each, "text") ?? []);
    return texts.length === 0 ? null : texts.join("\n");
  }
  if (!isJsonObject(value)) return null;
  return outputText(value["content"]) ?? outputText(value["output"]) ??
    outputText(value["output_text"]);
}
