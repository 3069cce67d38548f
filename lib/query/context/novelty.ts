/**
 * What a request has that the one before it had not.
 *
 * @module
 */

import type { ConversationItemId } from "../../format/ids.ts";
import type { ItemIdList } from "../../graph/conversation.ts";
import { SharedItemIdList } from "../../graph/item_id_list.ts";
import type { Prompt, PromptElement } from "./prompt.ts";
import type { KeyOfItem } from "../evidence/recorded/item_contents.ts";

const NOTHING: ReadonlySet<string> = new Set();

/** A request relative to the one before it. */
export interface Novelty {
  /** The elements that are new, last one first. */
  readonly fresh: readonly PromptElement[];
  /** Items of the request before that are gone. */
  readonly dropped: number;
  /** How many of the new elements have the same content as one that was removed. */
  readonly repeated: number;
}

/** The figures of a request relative to the one before; null where that was not recorded. */
export interface NoveltyFigures {
  readonly new_elements: number | null;
  readonly new_bytes: number | null;
  readonly dropped_items: number | null;
  readonly repeated_items: number | null;
}

/** Figures of a request without a known baseline. */
export const UNKNOWN_NOVELTY: NoveltyFigures = {
  new_elements: null,
  new_bytes: null,
  dropped_items: null,
  repeated_items: null,
};

export function figuresOf(
  { fresh, dropped, repeated }: Novelty,
): NoveltyFigures {
  return {
    new_elements: fresh.length,
    new_bytes: fresh.reduce((sum, { bytes }) => sum + bytes, 0),
    dropped_items: dropped,
    repeated_items: repeated,
  };
}

/** What a request is compared with. */
export interface Baseline {
  /** The items of the request before. */
  readonly ids: ItemIdList;
  /** Texts of its elements that are no items. */
  readonly texts: ReadonlySet<string>;
}

/** The baseline of the next request. */
export function baselineOf({ elements }: Prompt, ids: ItemIdList): Baseline {
  const last = elements.at(-1);
  // An element that is no item leaves the places of items behind its own.
  const hasTexts = last !== undefined &&
    (last.text !== null || last.position + 1 < elements.length);
  const texts = hasTexts
    ? new Set(elements.flatMap(({ text }) => text ?? []))
    : NOTHING;
  return { ids, texts };
}

/** Compares a request with the items `ids` with the one before; all of the first is new. */
export function noveltyOf(
  prompt: Prompt,
  ids: ItemIdList,
  before: Baseline | undefined,
  keyOf: KeyOfItem,
): Novelty {
  const shared = before === undefined ? 0 : commonLength(ids, before.ids);
  const old = tail(before?.ids, shared);
  const fresh: PromptElement[] = [];
  const { elements, inherited } = prompt;
  for (let at = elements.length - 1; at >= 0; at--) {
    const element = elements[at];
    if (element === undefined) break;
    const place = inherited + element.position;
    if (element.text !== null) {
      if (!before?.texts.has(element.text)) fresh.push(element);
    } else if (place >= shared && !old.has(ids.at(place) ?? "")) {
      fresh.push(element);
    } else if (place < shared && element.position === at) {
      // Here and before it are items only, and all of them were there before.
      break;
    }
  }
  const now = tail(ids, shared);
  const dropped = [...old].filter((id) => !now.has(id));
  const added = fresh.flatMap(({ text, position }) =>
    text === null ? ids.at(inherited + position) ?? [] : []
  );
  return {
    fresh,
    dropped: dropped.length,
    repeated: dropped.length === 0 ? 0 : inCommon(added, dropped, keyOf),
  };
}

/** How many items of one list have the same content as one of the other, each counted once. */
function inCommon(
  added: readonly ConversationItemId[],
  dropped: readonly ConversationItemId[],
  keyOf: KeyOfItem,
): number {
  const waiting = new Map<string, number>();
  for (const id of dropped) {
    const key = keyOf(id);
    if (key !== undefined) waiting.set(key, (waiting.get(key) ?? 0) + 1);
  }
  let count = 0;
  for (const id of added) {
    const key = keyOf(id);
    const left = key === undefined ? 0 : waiting.get(key) ?? 0;
    if (key === undefined || left === 0) continue;
    waiting.set(key, left - 1);
    count++;
  }
  return count;
}

function commonLength(a: ItemIdList, b: ItemIdList): number {
  const limit = Math.min(a.length, b.length);
  if (
    a instanceof SharedItemIdList && b instanceof SharedItemIdList &&
    a.storage === b.storage
  ) return limit;
  let length = 0;
  while (length < limit && a.at(length) === b.at(length)) length++;
  return length;
}

function tail(ids: ItemIdList | undefined, from: number) {
  const found = new Set<ConversationItemId>();
  for (let at = from; at < (ids?.length ?? 0); at++) {
    const id = ids?.at(at);
    if (id !== undefined) found.add(id);
  }
  return found;
}
