/**
 * What a compaction replaced and by what, and the compaction requests behind it.
 *
 * @module
 */

import type {
  Compaction,
  CompactionRequest,
  InferenceCall,
} from "../../../graph/runtime.ts";
import type { Link } from "../link.ts";
import { encryptedItems } from "./encrypted_item.ts";
import type { ExplainContext } from "../explain_context.ts";

/** The compaction requests, and the history that was replaced. */
export function compactionOrigin(context: ExplainContext, id: string): Link[] {
  const compaction = context.trace.compactions.get(id);
  if (compaction === undefined) return [];
  return [
    ...compaction.request_ids.map((request) =>
      context.link(
        "compacted_by_request",
        { kind: "compaction_request", id: request },
        ["compaction_request", request, "start"],
        ["compaction_request", request, "end"],
      )
    ),
    ...Array.from(
      compaction.input_item_ids,
      (item): Link => ({
        ...context.link(
          "replaced_item",
          { kind: "item", id: item },
          ["compaction", id, "installed"],
        ),
        leaf: true,
      }),
    ),
  ];
}

/** The mark, the new history, and the first request that began with it. */
export function compactionLeads(context: ExplainContext, id: string): Link[] {
  const compaction = context.trace.compactions.get(id);
  if (compaction === undefined) return [];
  const installed = ["compaction", id, "installed"] as const;
  const { marker_item_id: marker } = compaction;
  const next = requestAfter(context, compaction);
  return [
    ...next === undefined ? [] : [context.link(
      "next_request",
      { kind: "inference_call", id: next.inference_call_id },
      ["inference_call", next.inference_call_id, "start"],
    )],
    {
      ...context.link("marked_by", { kind: "item", id: marker }, installed),
      leaf: true,
    },
    ...compaction.replacement_item_ids.map((item) => ({
      ...context.link("replaced_with", { kind: "item", id: item }, installed),
      leaf: true,
    })),
  ];
}

/** The first request that carried the new history; where none did, the next of the thread. */
export function requestAfter(
  { links }: ExplainContext,
  compaction: Compaction,
): InferenceCall | undefined {
  for (const id of compaction.replacement_item_ids) {
    const { first } = links.carriers.requests(id);
    if (first !== null) return first;
  }
  return links.callsOf(compaction.thread_id).find(({ execution }) =>
    execution.started_at_unix_ms > compaction.installed_at_unix_ms
  );
}

/** What a compaction request was made for: its turn. */
export function summaryOrigin(context: ExplainContext, id: string): Link[] {
  const request = context.trace.compaction_requests.get(id);
  if (request === undefined) return [];
  return [context.link(
    "part_of",
    { kind: "turn", id: request.codex_turn_id },
    ["compaction_request", id, "start"],
  )];
}

/** The compaction of a compaction request; when it failed, the next request. */
export function summaryLeads(context: ExplainContext, id: string): Link[] {
  const request = context.trace.compaction_requests.get(id);
  if (request === undefined) return [];
  const { compaction_id: compaction } = request;
  if (context.trace.compactions.has(compaction)) {
    return [context.link(
      "installed_as",
      { kind: "compaction", id: compaction },
      ["compaction", compaction, "installed"],
    )];
  }
  return [
    ...encryptedItems(context, "compaction_request", id, request.thread_id),
    ...nextSummary(context, request),
  ];
}

/** The next compaction request of the same thread, which may have gone better. */
function nextSummary(
  context: ExplainContext,
  failed: CompactionRequest,
): Link[] {
  let next: CompactionRequest | undefined;
  for (const each of context.trace.compaction_requests.values()) {
    if (each.thread_id !== failed.thread_id) continue;
    const { started_seq: start } = each.execution;
    if (start <= failed.execution.started_seq) continue;
    if (next === undefined || start < next.execution.started_seq) next = each;
  }
  if (next === undefined) return [];
  const { compaction_request_id: id } = next;
  return [context.link(
    "next_compaction_request",
    { kind: "compaction_request", id },
    ["compaction_request", id, "start"],
  )];
}
