/**
 * What identifies an item where the reference has nothing to go by.
 *
 * The reference compares content it does not hold by the payload it stands in, so the same
 * picture in a tool's output, sent again with the next request, looks like other content under
 * the same call id, and the reduction ends. Here such an item is known by a hash of what it
 * says. Items for which the reference gives a result are left alone.
 *
 * @module
 */

import { canonicalJson } from "../../format/json/json_print.ts";
import type { JsonNode } from "../../format/json/json_node.ts";
import { sha256Hex } from "../../format/json/sha256.ts";
import type { ConversationPart } from "../../graph/conversation.ts";
import { type BodySource, exactItem } from "./normalize_body.ts";

/** Keys that the API leaves out or rewrites when an item is sent again. */
const UNSTEADY_KEYS: readonly string[] = ["id", "status"];

/** Identity of an item that the graph holds as one JSON part: the item without its id. */
export function wholeItemIdentity(source: BodySource): string {
  return hash(steadyItem(source));
}

/**
 * Identity of a call's or an output's body, null when its parts say all of it.
 *
 * @param key Key of the item that the body is made from.
 */
export function bodyIdentity(
  parts: readonly ConversationPart[],
  key: string,
  source: BodySource,
): string | null {
  const opaque = parts.some((part) =>
    part.type === "payload_ref" && part.content_sha256 === undefined
  );
  if (!opaque) return null;
  const item = exactItem(source);
  return hash((item instanceof Map ? item.get(key) : undefined) ?? null);
}

function steadyItem(source: BodySource): JsonNode {
  const item = exactItem(source);
  if (!(item instanceof Map)) return item;
  for (const key of UNSTEADY_KEYS) item.delete(key);
  return item;
}

function hash(node: JsonNode): string {
  return sha256Hex(canonicalJson(node));
}
