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
import type { ItemContents } from "../evidence/recorded/item_contents.ts";
import type { NormalizedTexts } from "./normalize_volatile.ts";
import { textDifference } from "./text_difference.ts";

export interface ItemList {
  /** Ids of the items, in order. */
  readonly ids: readonly string[];
  /** For each, what makes it the same as an item of the other list. */
  readonly keys: readonly string[];
  /** For each, what makes it exactly the same, where ids and times do not make it differ. */
  readonly exactKeys?: readonly string[];
  /** What makes texts the same that differ in ids and times only. */
  readonly normalized?: NormalizedTexts;
  /** The key that an item shares with the item of the other list that replaces it. */
  readonly slot: (item: ConversationItem) => string;
  readonly contents: ItemContents;
}

/** Characters of a longer text that are in the answer. */
const MAX_TEXT = 20_000;
/** Characters of it before the first that differs. */
const BEFORE = 200;

/** Compares two lists of items. Compared the other way round, the same differs. */
export function diffConversations(a: ItemList, b: ItemList): ConversationDiff {
  const { runs, truncated } = align(a.keys, b.keys);
  const hunks = withMoved(a, b, hunksOf(a, b, runs));
  const changes = hunks.flatMap((hunk) => hunk.changes);
  const count = (change: ItemChange["change"]) =>
    changes.filter((each) => each.change === change).length;
  const similar = similarIn(a, b, runs);
  const [first] = runs;
  const common = first?.a === 0 && first.b === 0 ? first.length : 0;
  const last = [itemAt(a, common - 1), itemAt(b, common - 1)] as const;
  return {
    items_a: a.ids.length,
    items_b: b.ids.length,
    kept: runs.reduce((sum, { length }) => sum + length, 0) - similar,
    similar,
    added: count("added"),
    removed: count("removed"),
    rewritten: count("rewritten"),
    moved: count("moved"),
    common,
    last_common: last[0] === undefined || last[1] === undefined
      ? null
      : { a: last[0], b: last[1] },
    truncated: truncated,
    hunks,
  };
}

/** The same hunks, where an item that was removed and added was moved instead. */
function withMoved(
  a: ItemList,
  b: ItemList,
  hunks: readonly DiffHunk[],
): DiffHunk[] {
  const gone = new Map<string, ItemSummary[]>();
  for (const each of hunks.flatMap(({ changes }) => changes)) {
    if (each.change !== "removed") continue;
    const key = a.keys[each.a.position - 1] ?? "";
    gone.set(key, [...gone.get(key) ?? [], each.a]);
  }
  const moved = new Set<ItemSummary>();
  const changed = hunks.map((hunk) => ({
    ...hunk,
    changes: hunk.changes.map((each): ItemChange => {
      if (each.change !== "added") return each;
      const from = gone.get(b.keys[each.b.position - 1] ?? "")?.shift();
      if (from === undefined) return each;
      moved.add(from);
      return { change: "moved", a: from, b: each.b };
    }),
  }));
  return changed.map(({ changes, ...hunk }) => ({
    ...hunk,
    changes: changes.filter((each) =>
      each.change !== "removed" || !moved.has(each.a)
    ),
  })).filter(({ changes }) => changes.length > 0);
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
interface Stretch extends Pick<ItemList, "contents" | "slot" | "normalized"> {
  readonly places: readonly Place[];
  /** Items before it. */
  readonly from: number;
}

/** What was removed, added or rewritten, in the order of both lists. */
function changesOf(a: Stretch, b: Stretch): ItemChange[] {
  const { before, gone } = paired(a, b);
  const removed = gone.map(({ item, place }): Placed => ({
    at: place - a.from,
    change: { change: "removed", a: a.contents.summary(item, place) },
  }));
  const others = b.places.map((place): Placed => {
    const other = before.get(place);
    return {
      at: place.place - b.from,
      change: other === undefined
        ? { change: "added", b: b.contents.summary(place.item, place.place) }
        : rewritten(a, other, b, place),
    };
  });
  // In the order of their positions in either list.
  return [...removed, ...others]
    .sort((x, y) => x.at - y.at)
    .map(({ change }) => change);
}

/** Pairs items of the same slot, in order: those of `b` with those of `a` before them. */
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
  { contents: contentsA, normalized: normalizedA }: Stretch,
  a: Place,
  { contents: contentsB, normalized: normalizedB }: Stretch,
  b: Place,
): ItemChange {
  return {
    change: "rewritten",
    a: contentsA.summary(a.item, a.place),
    b: contentsB.summary(b.item, b.place),
    ...textDifference(
      { a: contentsA.text(a.item), b: contentsB.text(b.item) },
      {
        a: contentsA.text(a.item, normalizedA),
        b: contentsB.text(b.item, normalizedB),
      },
      { max: MAX_TEXT, before: BEFORE },
    ),
  };
}

function itemAt(
  { ids, contents }: ItemList,
  index: number,
): ItemSummary | undefined {
  const item = contents.item(ids[index] ?? "");
  return item === undefined ? undefined : contents.summary(item, index + 1);
}
