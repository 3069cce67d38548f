/**
 * The lists of items of requests and responses, with the places of items that were not recorded.
 *
 * A long request or response is stored as its items. One that was truncated or omitted is missing
 * from the graph's list, and the items behind it have lower places there.
 *
 * @module
 */

import type { ConversationItemId, RawPayloadId } from "../../../format/ids.ts";
import {
  isMissing,
  type PayloadCapture,
  type RawPayloadRef,
} from "../../../format/payload.ts";

/** An item of the graph, or one that was not recorded. */
export type ListedItem =
  | { readonly type: "item"; readonly id: ConversationItemId }
  | {
    readonly type: "lost";
    /** The payload of the item. */
    readonly payload: RawPayloadId;
    /** What was kept of it. */
    readonly capture: PayloadCapture;
  };

/** The ids of a list, as the graph has it. */
export type ItemIds = {
  readonly length: number;
  at(index: number): ConversationItemId | undefined;
};

/** The items of a payload that were not recorded, in the order of its text. */
export function lostItems(
  { capture, parts }: Pick<RawPayloadRef, "capture" | "parts">,
): Extract<ListedItem, { type: "lost" }>[] {
  // Of a payload that is missing itself, its parts do not matter.
  if (capture !== undefined) return [];
  return (parts ?? []).flatMap((part) =>
    part.kind.type === "model_item" && part.capture !== undefined
      ? [{
        type: "lost",
        payload: part.raw_payload_id,
        capture: part.capture,
      }]
      : []
  );
}

/** The items of a payload from the last to the first, those that were not recorded included. */
export function* listedFromEnd(
  ref: Pick<RawPayloadRef, "capture" | "parts"> | undefined,
  ids: ItemIds,
): Generator<ListedItem, void> {
  let at = ids.length - 1;
  const next = function* (): Generator<ListedItem, void> {
    const id = ids.at(at--);
    if (id !== undefined) yield { type: "item", id };
  };
  if (ref !== undefined && lostItems(ref).length > 0) {
    for (const part of (ref.parts ?? []).toReversed()) {
      if (part.kind.type !== "model_item") continue;
      const { capture, raw_payload_id: payload } = part;
      if (capture !== undefined) yield { type: "lost", payload, capture };
      else if (at >= 0) yield* next();
    }
  }
  while (at >= 0) yield* next();
}

/** Whether a list may lack items: it was not recorded, or an item of it was not. */
export function mayLackItems(ref: RawPayloadRef | undefined): boolean {
  return ref !== undefined && (isMissing(ref) || lostItems(ref).length > 0);
}

/**
 * Whether what two lists share and what only one of them has is known: the same items are missing
 * from both, if any is. An item that was not recorded has one payload, however often it is sent.
 */
export function areComparable(
  one: RawPayloadRef | undefined,
  other: RawPayloadRef | undefined,
): boolean {
  const lists = [one, other].map((ref) =>
    ref === undefined ? [] : lostItems(ref).map(({ payload }) => payload)
  );
  const [first = [], second = []] = lists;
  return one?.capture === undefined && other?.capture === undefined &&
    first.length === second.length && first.every((id) => second.includes(id));
}
