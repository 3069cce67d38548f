/**
 * Bodies of payloads with their parts put in place.
 *
 * @module
 */

import { type Json, render } from "../items/json_text.ts";
import { bodyWithParts, cutAtParts } from "./parts.ts";
import type { StoredById, StoredPayload } from "./stored.ts";

/** What replaces a part that is missing, as JSON text or as the mark of a part. */
export type MissingText = (id: string) => string;

function fullText(
  { body }: StoredPayload,
  all: StoredById,
  missing: MissingText,
): string {
  if (body instanceof Uint8Array) return "{}";
  const { fragments, parts } = cutAtParts(render(body));
  return fragments.map((fragment, i) => {
    const id = parts[i];
    return id === undefined ? fragment : fragment + partText(id, all, missing);
  }).join("");
}

function partText(id: string, all: StoredById, missing: MissingText): string {
  const part = all.get(id);
  const isThere = part !== undefined && part.storage?.capture === undefined &&
    !(part.body instanceof Uint8Array);
  return isThere ? fullText(part, all, missing) : missing(id);
}

/** The body of a payload that is there, with every part in place that is there as well. */
export function inlineParts(
  payload: StoredPayload,
  all: StoredById,
  missing: MissingText,
): Json {
  return bodyWithParts(fullText(payload, all, missing));
}
