/**
 * The causes and effects of an item.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";
import type { ConversationItem } from "../../../graph/conversation.ts";
import type { Compaction } from "../../../graph/runtime.ts";
import { makersOf } from "../../evidence/links/provenance.ts";
import { reportedAgents } from "../../evidence/links/reported_agents.ts";
import { lostHistory } from "../../evidence/recorded/checkpoint.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";
import type { Link } from "../link.ts";
import type { ExplainContext } from "../explain_context.ts";

/** The request, the tool or the edge that an item originates from. */
export function itemOrigin(context: ExplainContext, id: string): Link[] {
  const item = context.trace.conversation_items.get(id);
  if (item === undefined) return [];
  const made = [
    ...answeredBy(context, id),
    ...outputOf(context, item),
    ...deliveredBy(context, item),
    ...reportsOn(context, item),
    ...writtenByCompaction(context, item),
  ];
  const call = callAnswered(context, item);
  return made.length > 0 || call.length > 0
    ? [...made, ...call]
    : firstSent(context, id);
}

/** The requests that carried an item, what it set going, and what compactions made of it. */
export function itemLeads(context: ExplainContext, id: string): Link[] {
  const item = context.trace.conversation_items.get(id);
  if (item === undefined) return [];
  return [
    ...context.linksFrom("makes_tool_call", "item", id, "call_item")
      .filter(({ to }) =>
        !isWrittenAfter(context, id, startOfTool(context, to))
      ),
    ...context.linksFrom("source_of_cell", "item", id, "source_item"),
    ...answersTo(context, item),
    ...context.edgesFrom("item", id),
    ...carriedBy(context, id),
    ...compacted(context, item),
  ];
}

function answeredBy(context: ExplainContext, id: string): Link[] {
  return context.linksFrom("answered_by", "item", id, "response_item", "end");
}

function outputOf(context: ExplainContext, item: ConversationItem): Link[] {
  return makersOf(context.links, item).map((maker) => {
    const { kind, id } = maker;
    return kind === "code_cell"
      ? context.link("output_of_cell", maker, [kind, id, "end"])
      : context.link(
        "output_of_tool",
        maker,
        [kind, id, "output"],
        [kind, id, "end"],
      );
  });
}

function deliveredBy(context: ExplainContext, item: ConversationItem): Link[] {
  const { links, trace, session } = context;
  const ids = new Set(
    links.to("item", item.item_id)
      .filter(({ role }) => role === "edge_target" || role === "carried_item")
      .map(({ from }) => from.id),
  );
  for (const producer of item.produced_by) {
    if (producer.type === "interaction_edge") ids.add(producer.edge_id);
  }
  const edges = [...ids].map((id) => context.alongEdge("delivered_by", id));
  const author = item.agent_message?.author;
  if (edges.length > 0 || author === undefined) return edges;
  const found = session.names.resolve(author, ["thread"]);
  return found.type === "found" && trace.threads.has(found.ref.id)
    ? [
      context.link("written_by_agent", found.ref, [
        "item",
        item.item_id,
        "all",
      ]),
    ]
    : [];
}

/** The agents whose results an item reports; edges are more exact. */
function reportsOn(context: ExplainContext, item: ConversationItem): Link[] {
  const isLinked = context.links.to("item", item.item_id).some(({ role }) =>
    role === "edge_target" || role === "carried_item"
  );
  return isLinked ? [] : reportedAgents(context.trace, item).map((id) => ({
    ...context.link(
      "reports_result_of",
      { kind: "thread", id },
      ["item", item.item_id, "all"],
    ),
    leaf: true,
  }));
}

function writtenByCompaction(
  context: ExplainContext,
  item: ConversationItem,
): Link[] {
  return item.produced_by.flatMap((producer) => {
    if (producer.type !== "compaction") return [];
    const { compaction_id: id } = producer;
    return context.link(
      "written_by_compaction",
      { kind: "compaction", id },
      ["compaction", id, "installed"],
    );
  });
}

/** The item with the call that an output answers. */
function callAnswered(context: ExplainContext, item: ConversationItem): Link[] {
  // The links of a tool call or a cell include its own call.
  const known = makersOf(context.links, item).length > 0;
  if (known || !isOutput(item)) return [];
  const sent = firstSeqOf(context, item.item_id);
  return callItems(context, item).filter((id) =>
    !isWrittenAfter(context, id, sent)
  ).map((id) =>
    context.link("answers_call", { kind: "item", id }, ["item", id, "all"])
  );
}

function isOutput({ kind }: ConversationItem): boolean {
  return kind === "function_call_output" || kind === "custom_tool_call_output";
}

function isCall({ kind }: ConversationItem): boolean {
  return kind === "function_call" || kind === "custom_tool_call";
}

function callItems(context: ExplainContext, item: ConversationItem): string[] {
  return sameCall(context, item).filter((other) => isCall(other))
    .map((other) => other.item_id);
}

/**
 * Items of a thread that may share a call id, beyond which none is linked: each output might answer
 * each call before it, and the links of all would grow with the square of their number.
 */
const MAX_SAME_CALL = 64;

function sameCall(
  context: ExplainContext,
  item: ConversationItem,
): ConversationItem[] {
  const { call_id: call, thread_id: thread } = item;
  const same = call === null ? [] : context.itemsOfCall(thread, call);
  return same.length > MAX_SAME_CALL
    ? []
    : same.filter((other) => other !== item);
}

/** The number of the event that first sent an item; null where none did. */
function firstSeqOf(context: ExplainContext, id: string): Integer | null {
  const { first } = context.links.carriers.requests(id);
  return first?.execution.started_seq ?? null;
}

function startOfTool(
  { trace }: ExplainContext,
  { id }: ObjectRef,
): Integer | null {
  return trace.tool_calls.get(id)?.execution.started_seq ?? null;
}

/**
 * Whether a model was asked for an item only after an event: what had happened by then belongs to
 * an earlier call with the same id.
 */
export function isWrittenAfter(
  { trace, links }: ExplainContext,
  id: string,
  seq: Integer | null,
): boolean {
  if (seq === null) return false;
  const asked = links.to("item", id, "response_item").flatMap(({ from }) =>
    trace.inference_calls.get(from.id)?.execution.started_seq ?? []
  );
  return asked.length > 0 && asked.every((each) => each >= seq);
}

/** The outputs that answer a call without a tool call or cell. */
function answersTo(context: ExplainContext, item: ConversationItem): Link[] {
  const known = context.links.to("item", item.item_id).some(({ role }) =>
    role === "call_item" || role === "source_item"
  );
  if (known || !isCall(item)) return [];
  return sameCall(context, item).filter((other) =>
    isOutput(other) &&
    !isWrittenAfter(context, item.item_id, firstSeqOf(context, other.item_id))
  ).map(({ item_id: id }) =>
    context.link("answered_in", { kind: "item", id }, ["item", id, "all"])
  );
}

function firstSent(context: ExplainContext, id: string): Link[] {
  const { first } = context.links.carriers.requests(id);
  if (first === null) return [];
  const { inference_call_id: call } = first;
  return [{
    ...context.link(
      "first_sent_in",
      { kind: "inference_call", id: call },
      ["inference_call", call, "start"],
    ),
    // The first request with an item is not its origin.
    leaf: true,
    nearOnly: true,
  }];
}

/** The first and the last request that carried the item. */
function carriedBy(context: ExplainContext, id: string): Link[] {
  const { count, first, last } = context.links.carriers.requests(id);
  if (first === null) return [];
  const link = (call: string, note: string, leaf: boolean): Link => ({
    ...context.link(
      "carried_by_request",
      { kind: "inference_call", id: call },
      ["inference_call", call, "start"],
    ),
    note,
    leaf,
  });
  const { inference_call_id: firstId } = first;
  const lastId = last?.inference_call_id ?? firstId;
  const known = context.mayLackCarriers(id) ? " known" : "";
  if (count === 1) return [link(firstId, `the only one${known}`, false)];
  return [
    link(firstId, `the first${known} of ${count}`, false),
    link(lastId, `the last${known} of ${count}`, true),
  ];
}

/** Compactions whose new histories are looked through for an item; it is in one as a rule. */
const MAX_SEARCHED = 20;

/**
 * Whether a compaction kept an item; no note where it was not searched, or where it may be
 * one of those that were not recorded.
 */
function compactionOutcome(
  { session }: ExplainContext,
  compaction: Compaction,
  kept: readonly string[] | null,
): Pick<Link, "note"> {
  if (kept === null) return {};
  if (kept.length > 0) return { note: "kept" };
  const isKnown = lostHistory(session, compaction)?.after.length === 0;
  return isKnown ? { note: "dropped" } : {};
}

/** Compactions with the item in the history, and the items that replaced it. */
function compacted(context: ExplainContext, item: ConversationItem): Link[] {
  return context.links.carriers.compactions(item.item_id).flatMap(
    (compaction, at): Link[] => {
      const { compaction_id: id } = compaction;
      const kept = at < MAX_SEARCHED ? keptAs(context, item, compaction) : null;
      const link = context.link(
        "replaced_by_compaction",
        { kind: "compaction", id },
        ["compaction", id, "installed"],
      );
      return [
        {
          ...link,
          leaf: true,
          ...compactionOutcome(context, compaction, kept),
        },
        ...(kept ?? []).map((copy) =>
          context.link(
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
