/**
 * What a request has that the one before it had not.
 *
 * @module
 */

import type { ConversationItemId } from "../../format/ids.ts";
import type { ItemIdList } from "../../graph/conversation.ts";
import type { Prompt, PromptElement } from "./prompt.ts";
import { ItemContents } from "../diff/item_contents.ts";
import type { Session } from "../session/session.ts";

const NOTHING: ReadonlySet<string> = new Set();

/** A request told against the one before it. */
export interface Novelty {
  /** The elements that are new, last one first. */
  readonly fresh: readonly PromptElement[];
  /** Items of the request before that are gone. */
  readonly dropped: number;
  /** How many of the new elements say the same as one that is gone. */
  readonly repeated: number;
}

/** What an item says, as far as it makes two items the same. */
export type KeyOfItem = (id: ConversationItemId) => string | undefined;

/** The figures of a request told against the one before; null where that was not recorded. */
export interface NoveltyFigures {
  readonly new_elements: number | null;
  readonly new_bytes: number | null;
  readonly dropped_items: number | null;
  readonly repeated_items: number | null;
}

/** Figures where nothing is known to tell a request against. */
export const UNKNOWN_NOVELTY: NoveltyFigures = {
  new_elements: null,
  new_bytes: null,
  dropped_items: null,
  repeated_items: null,
};

/** A novelty in figures. */
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

/** What a request is told against. */
export interface Before {
  /** The items of the request before. */
  readonly ids: ItemIdList;
  /** Texts of its elements that are no items. */
  readonly texts: ReadonlySet<string>;
}

/** What to tell the next request against. */
export function asBefore({ elements }: Prompt, ids: ItemIdList): Before {
  const last = elements.at(-1);
  // An element that is no item leaves the places of items behind its own.
  const hasTexts = last !== undefined &&
    (last.text !== null || last.position + 1 < elements.length);
  const texts = hasTexts
    ? new Set(elements.flatMap(({ text }) => text ?? []))
    : NOTHING;
  return { ids, texts };
}

/** Tells a request with the items `ids` against the one before; all of the first is new. */
export function noveltyOf(
  prompt: Prompt,
  ids: ItemIdList,
  before: Before | undefined,
  keyOf: KeyOfItem,
): Novelty {
  const alike = before === undefined ? 0 : commonLength(ids, before.ids);
  const old = tail(before?.ids, alike);
  const fresh: PromptElement[] = [];
  const { elements, inherited } = prompt;
  for (let at = elements.length - 1; at >= 0; at--) {
    const element = elements[at];
    if (element === undefined) break;
    const place = inherited + element.position;
    if (element.text !== null) {
      if (!before?.texts.has(element.text)) fresh.push(element);
    } else if (place >= alike && !old.has(ids.at(place) ?? "")) {
      fresh.push(element);
    } else if (place < alike && element.position === at) {
      // Here and before it are items only, and all of them were there before.
      break;
    }
  }
  const now = tail(ids, alike);
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

/** How many items of one list say the same as one of the other, each counted once. */
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
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.at(length) === b.at(length)) length++;
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

/** What items say and how; nothing is read before it is asked for. */
export function itemKeys(session: Session): KeyOfItem {
  let contents: ItemContents | undefined;
  return (id) => {
    contents ??= new ItemContents(session);
    const item = contents.item(id);
    return item === undefined ? undefined : contents.exactKey(item);
  };
}
