/**
 * Two lists of items compared: what both have, what one has, what was rewritten.
 *
 * @module
 */

import type { ConversationItem } from "../../graph/conversation.ts";
import type {
  ConversationDiff,
  DiffHunk,
  ItemChange,
  ItemSummary,
} from "./diff_answer.ts";
import { align, type CommonRun } from "./align.ts";
import type { ItemContents } from "./item_contents.ts";
import { alikeUpTo, type SteadyTexts } from "./normalize_volatile.ts";

/** One of the lists. */
export interface ItemList {
  /** Ids of the items, in order. */
  readonly ids: readonly string[];
  /** For each, what makes it the same as an item of the other list. */
  readonly keys: readonly string[];
  /** For each, what makes it exactly the same, where ids and times do not make it differ. */
  readonly exactKeys?: readonly string[];
  /** What makes texts the same that differ in ids and times only. */
  readonly steady?: SteadyTexts;
  /** What an item of the other list shares that says something else in its place. */
  readonly slot: (item: ConversationItem) => string;
  /** What they say. */
  readonly contents: ItemContents;
}

/** Of a longer text no more is told. */
const LONGEST_TEXT = 20_000;
/** Characters of it that are told before the first that differs. */
const BEFORE = 200;

/** Compares two lists of items. Compared the other way round, the same differs. */
export function diffConversations(a: ItemList, b: ItemList): ConversationDiff {
  const { runs, gaveUp } = align(a.keys, b.keys);
  const hunks = hunksOf(a, b, runs);
  const changes = hunks.flatMap((hunk) => hunk.changes);
  const count = (change: ItemChange["change"]) =>
    changes.filter((each) => each.change === change).length;
  const similar = similarIn(a, b, runs);
  const [first] = runs;
  const common = first?.a === 0 && first.b === 0 ? first.length : 0;
  const last = [saidAt(a, common - 1), saidAt(b, common - 1)] as const;
  return {
    items_a: a.ids.length,
    items_b: b.ids.length,
    kept: runs.reduce((sum, { length }) => sum + length, 0) - similar,
    similar,
    added: count("added"),
    removed: count("removed"),
    rewritten: count("rewritten"),
    common,
    last_common: last[0] === undefined || last[1] === undefined
      ? null
      : { a: last[0], b: last[1] },
    truncated: gaveUp,
    hunks,
  };
}

/** How many aligned items are not exactly the same. */
function similarIn(
  { keys: keysA, exactKeys: a = keysA }: ItemList,
  { keys: keysB, exactKeys: b = keysB }: ItemList,
  runs: readonly CommonRun[],
): number {
  let count = 0;
  for (const run of runs) {
    for (let at = 0; at < run.length; at++) {
      if (a[run.a + at] !== b[run.b + at]) count++;
    }
  }
  return count;
}

function hunksOf(
  a: ItemList,
  b: ItemList,
  runs: readonly CommonRun[],
): DiffHunk[] {
  const hunks: DiffHunk[] = [];
  let [atA, atB] = [0, 0];
  const end = { a: a.ids.length, b: b.ids.length, length: 0 };
  for (const run of [...runs, end]) {
    if (run.a > atA || run.b > atB) {
      hunks.push({
        after_a: atA,
        after_b: atB,
        changes: changesOf(
          { ...a, from: atA, places: placesOf(a, atA, run.a) },
          { ...b, from: atB, places: placesOf(b, atB, run.b) },
        ),
      });
    }
    atA = run.a + run.length;
    atB = run.b + run.length;
  }
  return hunks;
}

interface Place {
  readonly item: ConversationItem;
  readonly place: number;
}

function placesOf(
  { ids, contents }: ItemList,
  from: number,
  to: number,
): Place[] {
  return ids.slice(from, to).flatMap((id, index) => {
    const item = contents.item(id);
    return item === undefined ? [] : [{ item, place: from + index + 1 }];
  });
}

/** The part of a list that differs. */
interface Stretch extends Pick<ItemList, "contents" | "slot" | "steady"> {
  readonly places: readonly Place[];
  /** Items before it. */
  readonly from: number;
}

/** What was removed, added or rewritten, in the order of both lists. */
function changesOf(a: Stretch, b: Stretch): ItemChange[] {
  const { before, gone } = paired(a, b);
  const removed = gone.map(({ item, place }): Placed => ({
    at: place - a.from,
    change: { change: "removed", a: a.contents.said(item, place) },
  }));
  const others = b.places.map((place): Placed => {
    const other = before.get(place);
    return {
      at: place.place - b.from,
      change: other === undefined
        ? { change: "added", b: b.contents.said(place.item, place.place) }
        : rewritten(a, other, b, place),
    };
  });
  // What either says next comes first.
  return [...removed, ...others]
    .sort((x, y) => x.at - y.at)
    .map(({ change }) => change);
}

/** Pairs what stands in the same slot, in order: places of `b` with those of `a` before them. */
function paired(
  a: Stretch,
  b: Stretch,
): { before: ReadonlyMap<Place, Place>; gone: readonly Place[] } {
  const waiting = new Map<string, Place[]>();
  for (const place of b.places.toReversed()) {
    const slot = b.slot(place.item);
    const places = waiting.get(slot);
    if (places === undefined) waiting.set(slot, [place]);
    else places.push(place);
  }
  const before = new Map<Place, Place>();
  const gone: Place[] = [];
  for (const place of a.places) {
    const other = waiting.get(a.slot(place.item))?.pop();
    if (other === undefined) gone.push(place);
    else before.set(other, place);
  }
  return { before, gone };
}

interface Placed {
  /** How far from where the lists part. */
  readonly at: number;
  readonly change: ItemChange;
}

function rewritten(
  { contents: contentsA, steady: steadyA }: Stretch,
  a: Place,
  { contents: contentsB, steady: steadyB }: Stretch,
  b: Place,
): ItemChange {
  const texts = {
    a: contentsA.text(a.item),
    b: contentsB.text(b.item),
  };
  const alike = alikeUpTo(
    texts.a,
    contentsA.text(a.item, steadyA),
    texts.b,
    contentsB.text(b.item, steadyB),
  );
  const at = firstDifference(texts.a, texts.b);
  const isLong = Math.max(texts.a.length, texts.b.length) > LONGEST_TEXT;
  const real = firstDifference(
    texts.a.slice(alike.a),
    texts.b.slice(alike.b),
  );
  const parted = (real ?? 0) + Math.min(alike.a, alike.b);
  const from = isLong ? Math.max(0, parted - BEFORE) : 0;
  const part = (text: string) => text.slice(from, from + LONGEST_TEXT);
  return {
    change: "rewritten",
    a: contentsA.said(a.item, a.place),
    b: contentsB.said(b.item, b.place),
    texts: { a: part(texts.a), b: part(texts.b) },
    text_offset: from,
    texts_complete: !isLong,
    differs_at: at,
    common_prefix: alike,
  };
}

function firstDifference(a: string, b: string): number | null {
  if (a === b) return null;
  const least = Math.min(a.length, b.length);
  for (let at = 0; at < least; at++) {
    if (a.charCodeAt(at) !== b.charCodeAt(at)) return at;
  }
  return least;
}

function saidAt(
  { ids, contents }: ItemList,
  index: number,
): ItemSummary | undefined {
  const item = contents.item(ids[index] ?? "");
  return item === undefined ? undefined : contents.said(item, index + 1);
}
