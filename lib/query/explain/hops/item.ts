/**
 * Where an item comes from, and what became of it.
 *
 * @module
 */

import type { ConversationItem } from "../../../graph/conversation.ts";
import type { Compaction } from "../../../graph/runtime.ts";
import { makersOf } from "../../evidence/links/outputs.ts";
import { lostHistory } from "../../evidence/recorded/checkpoint.ts";
import type { Hop } from "../hop.ts";
import type { Scene } from "../scene.ts";

/** What said an item, put it out or brought it. */
export function itemOrigin(scene: Scene, id: string): Hop[] {
  const item = scene.trace.conversation_items.get(id);
  if (item === undefined) return [];
  const made = [
    ...answeredBy(scene, id),
    ...outputOf(scene, item),
    ...deliveredBy(scene, item),
    ...writtenByCompaction(scene, item),
  ];
  const call = callAnswered(scene, item);
  return made.length > 0 || call.length > 0
    ? [...made, ...call]
    : firstSent(scene, id);
}

/** The requests that carried an item, what it set going, and what compactions made of it. */
export function itemLeads(scene: Scene, id: string): Hop[] {
  const item = scene.trace.conversation_items.get(id);
  if (item === undefined) return [];
  return [
    ...scene.hopsFrom("makes_tool_call", "item", id, "call_item"),
    ...scene.hopsFrom("source_of_cell", "item", id, "source_item"),
    ...answersTo(scene, item),
    ...scene.edgesFrom("item", id),
    ...carriedBy(scene, id),
    ...compacted(scene, item),
  ];
}

function answeredBy(scene: Scene, id: string): Hop[] {
  return scene.hopsFrom("answered_by", "item", id, "response_item", "end");
}

function outputOf(scene: Scene, item: ConversationItem): Hop[] {
  return makersOf(scene.links, item).map((maker) => {
    const { kind, id } = maker;
    return kind === "code_cell"
      ? scene.hop("output_of_cell", maker, [kind, id, "end"])
      : scene.hop(
        "output_of_tool",
        maker,
        [kind, id, "output"],
        [kind, id, "end"],
      );
  });
}

function deliveredBy(scene: Scene, item: ConversationItem): Hop[] {
  const { links, trace, session } = scene;
  const ids = new Set(
    links.to("item", item.item_id)
      .filter(({ role }) => role === "edge_target" || role === "carried_item")
      .map(({ from }) => from.id),
  );
  for (const producer of item.produced_by) {
    if (producer.type === "interaction_edge") ids.add(producer.edge_id);
  }
  const edges = [...ids].map((id) => scene.alongEdge("delivered_by", id));
  const author = item.agent_message?.author;
  if (edges.length > 0 || author === undefined) return edges;
  const found = session.names.resolve(author, ["thread"]);
  return found.type === "found" && trace.threads.has(found.ref.id)
    ? [scene.hop("written_by_agent", found.ref, ["item", item.item_id, "all"])]
    : [];
}

function writtenByCompaction(scene: Scene, item: ConversationItem): Hop[] {
  return item.produced_by.flatMap((producer) => {
    if (producer.type !== "compaction") return [];
    const { compaction_id: id } = producer;
    return scene.hop(
      "written_by_compaction",
      { kind: "compaction", id },
      ["compaction", id, "installed"],
    );
  });
}

/** The item with the call that an output answers. */
function callAnswered(scene: Scene, item: ConversationItem): Hop[] {
  // A tool call or a cell tells of its own call.
  const known = makersOf(scene.links, item).length > 0;
  if (known || !isOutput(item)) return [];
  return callItems(scene, item).map((id) =>
    scene.hop("answers_call", { kind: "item", id }, ["item", id, "all"])
  );
}

function isOutput({ kind }: ConversationItem): boolean {
  return kind === "function_call_output" || kind === "custom_tool_call_output";
}

function isCall({ kind }: ConversationItem): boolean {
  return kind === "function_call" || kind === "custom_tool_call";
}

function callItems(scene: Scene, item: ConversationItem): string[] {
  return sameCall(scene, item).filter((other) => isCall(other))
    .map((other) => other.item_id);
}

function sameCall(scene: Scene, item: ConversationItem): ConversationItem[] {
  const { call_id: call, thread_id: thread } = item;
  return call === null
    ? []
    : scene.itemsOfCall(thread, call).filter((other) => other !== item);
}

/** The outputs that answer a call, where no tool call or cell tells of them. */
function answersTo(scene: Scene, item: ConversationItem): Hop[] {
  const known = scene.links.to("item", item.item_id).some(({ role }) =>
    role === "call_item" || role === "source_item"
  );
  if (known || !isCall(item)) return [];
  return sameCall(scene, item).filter(isOutput).map(({ item_id: id }) =>
    scene.hop("answered_in", { kind: "item", id }, ["item", id, "all"])
  );
}

function firstSent(scene: Scene, id: string): Hop[] {
  const { first } = scene.links.carriers.requests(id);
  if (first === null) return [];
  const { inference_call_id: call } = first;
  return [{
    ...scene.hop(
      "first_sent_in",
      { kind: "inference_call", id: call },
      ["inference_call", call, "start"],
    ),
    // What a request brings with it says nothing of where that comes from.
    leaf: true,
    nearOnly: true,
  }];
}

/** The first and the last request that carried the item. */
function carriedBy(scene: Scene, id: string): Hop[] {
  const { count, first, last } = scene.links.carriers.requests(id);
  if (first === null) return [];
  const hop = (call: string, note: string, leaf: boolean): Hop => ({
    ...scene.hop(
      "carried_by_request",
      { kind: "inference_call", id: call },
      ["inference_call", call, "start"],
    ),
    note,
    leaf,
  });
  const { inference_call_id: firstId } = first;
  const lastId = last?.inference_call_id ?? firstId;
  if (count === 1) return [hop(firstId, "the only one", false)];
  return [
    hop(firstId, `the first of ${count}`, false),
    hop(lastId, `the last of ${count}`, true),
  ];
}

/** Compactions whose new histories are looked through for an item; it is in one as a rule. */
const MOST_LOOKED_THROUGH = 20;

/**
 * What became of an item in a compaction; nothing is said where nobody looked, or where it may be
 * one of those that were not recorded.
 */
function fate(
  { session }: Scene,
  compaction: Compaction,
  kept: readonly string[] | null,
): Pick<Hop, "note"> {
  if (kept === null) return {};
  if (kept.length > 0) return { note: "kept" };
  const isKnown = lostHistory(session, compaction)?.after.length === 0;
  return isKnown ? { note: "dropped" } : {};
}

/** Compactions that found the item in the history, and what stands there in its place. */
function compacted(scene: Scene, item: ConversationItem): Hop[] {
  return scene.links.carriers.compactions(item.item_id).flatMap(
    (compaction, at): Hop[] => {
      const { compaction_id: id } = compaction;
      const kept = at < MOST_LOOKED_THROUGH
        ? keptAs(scene, item, compaction)
        : null;
      const hop = scene.hop(
        "replaced_by_compaction",
        { kind: "compaction", id },
        ["compaction", id, "installed"],
      );
      return [
        { ...hop, leaf: true, ...fate(scene, compaction, kept) },
        ...(kept ?? []).map((copy) =>
          scene.hop(
            "copied_to",
            { kind: "item", id: copy },
            ["compaction", id, "installed"],
          )
        ),
      ];
    },
  );
}

/** Items of the new history that are the old one: the same id, or the same words. */
function keptAs(
  { trace }: Scene,
  item: ConversationItem,
  { replacement_item_ids: ids }: Compaction,
): string[] {
  return ids.filter((id) => {
    const other = trace.conversation_items.get(id);
    return other !== undefined && isSame(item, other);
  });
}

function isSame(one: ConversationItem, other: ConversationItem): boolean {
  const { responses_item_id: id } = one;
  if (id !== undefined && id === other.responses_item_id) return true;
  return one.role === other.role && one.kind === other.kind &&
    one.call_id === other.call_id && one.body.parts.length > 0 &&
    isSameBody(one, other);
}

function isSameBody(one: ConversationItem, other: ConversationItem): boolean {
  const { parts } = other.body;
  return one.body.parts.length === parts.length &&
    one.body.parts.every((part, at) =>
      JSON.stringify(part) === JSON.stringify(parts[at])
    );
}
