/**
 * The items of a prepared prompt compared with those that were sent.
 *
 * @module
 */

import { parseExact } from "../../format/json/json_parse.ts";
import { canonicalJson } from "../../format/json/json_print.ts";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../../format/payload.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import { align } from "./align.ts";
import { changesOfMember } from "../evidence/recorded/member_changes.ts";
import type {
  PreparedChange,
  PreparedInput,
  PreparedItemSummary,
} from "./diff_answer.ts";

/** What Codex keeps with an item for itself, and leaves out where the provider would refuse it. */
const METADATA = "internal_chat_message_metadata_passthrough";

/** An element of either list. */
export interface SideElement {
  readonly value: JsonValue;
  readonly source: string;
  /** Whether it was not recorded. */
  readonly isLost: boolean;
  /** The item of the graph. */
  readonly item: ObjectRef | null;
  /** The start of its text, or of its JSON. */
  readonly excerpt: string;
}

/** What the comparison of two lists is made with. */
export interface PreparedLists {
  readonly prepared: readonly SideElement[];
  readonly sent: readonly SideElement[];
  /** Whether the request continues an earlier response, so that it does not repeat its items. */
  readonly isIncremental: boolean;
  /** Text of the base instructions, or the marker of one not recorded; null where there are none. */
  readonly instructions: JsonValue;
}

/** Compares the items. */
export function diffPreparedInput(lists: PreparedLists): PreparedInput {
  const prepared = placed(lists.prepared);
  const sent = placed(lists.sent);
  const { runs, truncated } = align(prepared.map(keyOf), sent.map(keyOf));
  const changes: PreparedChange[] = [];
  let [atA, atB] = [0, 0];
  let notSentAgain = 0;
  let [kept, stripped] = [0, 0];
  const end = { a: prepared.length, b: sent.length, length: 0 };
  for (const run of [...runs, end]) {
    const gone = prepared.slice(atA, run.a);
    const added = sent.slice(atB, run.b);
    // The items that the provider already has are first.
    const isInherited = lists.isIncremental && atA === 0 && added.length === 0;
    if (isInherited) notSentAgain += gone.length;
    else {
      const lacks = {
        prepared: lostBetween(prepared, atA, run.a, lists.prepared.length),
        sent: lostBetween(sent, atB, run.b, lists.sent.length),
      };
      const found = changesOf(gone, added, lacks, lists.instructions);
      for (const change of found) changes.push(change);
    }
    kept += run.length;
    for (let at = 0; at < run.length; at++) {
      const [one, other] = [prepared[run.a + at], sent[run.b + at]];
      if (hasMetadata(one) && !hasMetadata(other)) stripped++;
    }
    [atA, atB] = [run.a + run.length, run.b + run.length];
  }
  return {
    prepared_items: lists.prepared.length,
    sent_items: lists.sent.length,
    kept,
    without_metadata: stripped,
    not_sent_again: notSentAgain,
    unrecorded_items: [...lists.prepared, ...lists.sent]
      .filter(({ isLost }) => isLost).length,
    truncated: truncated,
    changes,
  };
}

interface Placed extends SideElement {
  readonly place: number;
}

/** Elements that were recorded, each with its place. */
function placed(elements: readonly SideElement[]): Placed[] {
  return elements.map((element, at) => ({ ...element, place: at + 1 }))
    .filter(({ isLost }) => !isLost);
}

/** Whether elements of a stretch were not recorded; `end` is how many elements there are. */
function lostBetween(
  elements: readonly Placed[],
  from: number,
  to: number,
  end: number,
): boolean {
  const before = elements[from - 1]?.place ?? 0;
  const after = elements[to]?.place ?? end + 1;
  return after - before - 1 > to - from;
}

/** What makes two items the same: everything but the metadata. */
function keyOf({ source }: Placed): string {
  const node = parseExact(source);
  if (node instanceof Map) node.delete(METADATA);
  return canonicalJson(node);
}

function hasMetadata(element: Placed | undefined): boolean {
  return isJsonObject(element?.value) && METADATA in element.value;
}

/**
 * Pairs elements of the same item; the others were removed or added, unless their counterpart
 * may be an item that was not recorded.
 */
function changesOf(
  gone: readonly Placed[],
  added: readonly Placed[],
  lacks: Readonly<Record<"prepared" | "sent", boolean>>,
  instructions: JsonValue,
): PreparedChange[] {
  const waiting = [...gone];
  const found = added.map((element): PreparedChange => {
    const before = taken(waiting, element);
    const sent = itemOf(element);
    if (before !== undefined) {
      const values = valuesOf(before, element);
      return { change: "changed", prepared: itemOf(before), sent, values };
    }
    const isBase = isInstructions(element, instructions);
    return lacks.prepared && !isBase
      ? { change: "unknown", side: "sent", item: sent }
      : { change: "added", sent, is_base_instructions: isBase };
  });
  const removed = waiting.map((each): PreparedChange =>
    lacks.sent
      ? { change: "unknown", side: "prepared", item: itemOf(each) }
      : { change: "removed", prepared: itemOf(each) }
  );
  return [...removed, ...found];
}

/** Takes the element of the same item: it has the same id, or makes the same call. */
function taken(waiting: Placed[], element: Placed): Placed | undefined {
  const slots = slotsOf(element);
  for (const slot of slots) {
    const at = waiting.findIndex((each) => slotsOf(each).includes(slot));
    if (at !== -1) return waiting.splice(at, 1)[0];
  }
  return undefined;
}

function slotsOf({ value }: Placed): string[] {
  const { id, type, call_id: call } = objectOf(value);
  return [
    ...typeof id === "string" ? [JSON.stringify(["id", id])] : [],
    ...typeof call === "string" ? [JSON.stringify([type ?? "", call])] : [],
  ];
}

function valuesOf(before: Placed, after: Placed) {
  const [a, b] = [objectOf(before.value), objectOf(after.value)];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  keys.delete(METADATA);
  return [...keys].flatMap((key) =>
    changesOfMember(key, textOf(a[key]), textOf(b[key]))
  );
}

function textOf(value: JsonValue | undefined): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

function itemOf(element: Placed): PreparedItemSummary {
  const { type, role } = objectOf(element.value);
  return {
    position: element.place,
    item: element.item,
    item_type: typeof type === "string" ? type : "unknown",
    role: typeof role === "string" ? role : null,
    excerpt: element.excerpt,
  };
}

/** Whether a message has the base instructions as its only text, be it recorded or not. */
export function isInstructions(
  { value }: Pick<SideElement, "value">,
  instructions: JsonValue,
): boolean {
  if (instructions === null) return false;
  const { content } = objectOf(value);
  const [first, ...others] = Array.isArray(content) ? content : [];
  const { text } = objectOf(first);
  return others.length === 0 && text !== undefined &&
    JSON.stringify(text) === JSON.stringify(instructions);
}

/** The texts of a message, one after the other; the empty text for what is none. */
export function textIn({ value }: Pick<SideElement, "value">): string {
  const { content } = objectOf(value);
  return (Array.isArray(content) ? content : []).flatMap((part) => {
    const text = objectOf(part)["text"];
    return typeof text === "string" ? [text] : [];
  }).join("\n");
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
