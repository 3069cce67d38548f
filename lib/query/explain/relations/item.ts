/**
 * Where an item comes from, and what became of it.
 *
 * @module
 */

import type { ConversationItem } from "../../../graph/conversation.ts";
import type { Compaction } from "../../../graph/runtime.ts";
import { makersOf } from "../../evidence/links/provenance.ts";
import { lostHistory } from "../../evidence/recorded/checkpoint.ts";
import type { Link } from "../link.ts";
import type { ExplainContext } from "../explain_context.ts";

/** What said an item, put it out or brought it. */
export function itemOrigin(scene: ExplainContext, id: string): Link[] {
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
export function itemLeads(scene: ExplainContext, id: string): Link[] {
  const item = scene.trace.conversation_items.get(id);
  if (item === undefined) return [];
  return [
    ...scene.linksFrom("makes_tool_call", "item", id, "call_item"),
    ...scene.linksFrom("source_of_cell", "item", id, "source_item"),
    ...answersTo(scene, item),
    ...scene.edgesFrom("item", id),
    ...carriedBy(scene, id),
    ...compacted(scene, item),
  ];
}

function answeredBy(scene: ExplainContext, id: string): Link[] {
  return scene.linksFrom("answered_by", "item", id, "response_item", "end");
}

function outputOf(scene: ExplainContext, item: ConversationItem): Link[] {
  return makersOf(scene.links, item).map((maker) => {
    const { kind, id } = maker;
    return kind === "code_cell"
      ? scene.link("output_of_cell", maker, [kind, id, "end"])
      : scene.link(
        "output_of_tool",
        maker,
        [kind, id, "output"],
        [kind, id, "end"],
      );
  });
}

function deliveredBy(scene: ExplainContext, item: ConversationItem): Link[] {
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
    ? [scene.link("written_by_agent", found.ref, ["item", item.item_id, "all"])]
    : [];
}

function writtenByCompaction(
  scene: ExplainContext,
  item: ConversationItem,
): Link[] {
  return item.produced_by.flatMap((producer) => {
    if (producer.type !== "compaction") return [];
    const { compaction_id: id } = producer;
    return scene.link(
      "written_by_compaction",
      { kind: "compaction", id },
      ["compaction", id, "installed"],
    );
  });
}

/** The item with the call that an output answers. */
function callAnswered(scene: ExplainContext, item: ConversationItem): Link[] {
  // A tool call or a cell tells of its own call.
  const known = makersOf(scene.links, item).length > 0;
  if (known || !isOutput(item)) return [];
  return callItems(scene, item).map((id) =>
    scene.link("answers_call", { kind: "item", id }, ["item", id, "all"])
  );
}

function isOutput({ kind }: ConversationItem): boolean {
  return kind === "function_call_output" || kind === "custom_tool_call_output";
}

function isCall({ kind }: ConversationItem): boolean {
  return kind === "function_call" || kind === "custom_tool_call";
}

function callItems(scene: ExplainContext, item: ConversationItem): string[] {
  return sameCall(scene, item).filter((other) => isCall(other))
    .map((other) => other.item_id);
}

function sameCall(
  scene: ExplainContext,
  item: ConversationItem,
): ConversationItem[] {
  const { call_id: call, thread_id: thread } = item;
  return call === null
    ? []
    : scene.itemsOfCall(thread, call).filter((other) => other !== item);
}

/** The outputs that answer a call, where no tool call or cell tells of them. */
function answersTo(scene: ExplainContext, item: ConversationItem): Link[] {
  const known = scene.links.to("item", item.item_id).some(({ role }) =>
    role === "call_item" || role === "source_item"
  );
  if (known || !isCall(item)) return [];
  return sameCall(scene, item).filter(isOutput).map(({ item_id: id }) =>
    scene.link("answered_in", { kind: "item", id }, ["item", id, "all"])
  );
}

function firstSent(scene: ExplainContext, id: string): Link[] {
  const { first } = scene.links.carriers.requests(id);
  if (first === null) return [];
  const { inference_call_id: call } = first;
  return [{
    ...scene.link(
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
function carriedBy(scene: ExplainContext, id: string): Link[] {
  const { count, first, last } = scene.links.carriers.requests(id);
  if (first === null) return [];
  const hop = (call: string, note: string, leaf: boolean): Link => ({
    ...scene.link(
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
  { session }: ExplainContext,
  compaction: Compaction,
  kept: readonly string[] | null,
): Pick<Link, "note"> {
  if (kept === null) return {};
  if (kept.length > 0) return { note: "kept" };
  const isKnown = lostHistory(session, compaction)?.after.length === 0;
  return isKnown ? { note: "dropped" } : {};
}

/** Compactions that found the item in the history, and what stands there in its place. */
function compacted(scene: ExplainContext, item: ConversationItem): Link[] {
  return scene.links.carriers.compactions(item.item_id).flatMap(
    (compaction, at): Link[] => {
      const { compaction_id: id } = compaction;
      const kept = at < MOST_LOOKED_THROUGH
        ? keptAs(scene, item, compaction)
        : null;
      const hop = scene.link(
        "replaced_by_compaction",
        { kind: "compaction", id },
        ["compaction", id, "installed"],
      );
      return [
        { ...hop, leaf: true, ...fate(scene, compaction, kept) },
        ...(kept ?? []).map((copy) =>
          scene.link(
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
  { trace }: ExplainContext,
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
