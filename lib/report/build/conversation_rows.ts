/**
 * Rows of what models saw: threads, turns, items, requests and compactions.
 *
 * @module
 */

import type {
  ConversationItem,
  ConversationPart,
  ProducerRef,
} from "../../graph/conversation.ts";
import type {
  Compaction,
  CompactionRequest,
  InferenceCall,
  TokenUsage,
} from "../../graph/runtime.ts";
import type { RawPayloadRef } from "../../format/payload.ts";
import type { AgentThread, CodexTurn } from "../../graph/session.ts";
import type {
  CallRow,
  CaptureRow,
  CompactionRow,
  ItemRow,
  PartRow,
  SummaryRow,
  ThreadRow,
  TurnRow,
  UsageRow,
} from "../report_data.ts";
import { EMPTY_PART } from "../report_rows.ts";
import {
  captureOf,
  captureOfPart,
} from "../../query/evidence/recorded/captures.ts";
import {
  checkpointCapture,
  historyLengths,
} from "../../query/evidence/recorded/checkpoint.ts";
import { effectiveRequest } from "../../query/evidence/recorded/effective_request.ts";
import { lostPayloads } from "../../query/evidence/recorded/losses.ts";
import { threadItems } from "../../query/evidence/recorded/thread_items.ts";
import { lostItems } from "../../query/evidence/recorded/listed_items.ts";
import { CostCounter } from "../../query/stats/measures/cost.ts";
import { receiptOf } from "../../query/evidence/recorded/receipt.ts";
import { loggedPartRow } from "./logged_parts.ts";
import {
  approximateNumber,
  captureRow,
  exactInteger,
  type RowContext,
  rowOf,
  windowOf,
} from "./row_context.ts";

export function threadRow(context: RowContext, thread: AgentThread): ThreadRow {
  const { origin } = thread;
  const spawned = origin.type === "spawned" ? origin : undefined;
  const items = threadItems(context.trace, thread.thread_id);
  const history = context.marks.histories.get(thread.thread_id);
  return {
    ...rowOf(context, "thread", thread.thread_id),
    ...windowOf(context, "thread", thread.thread_id, thread.execution),
    agent_path: thread.agent_path,
    nickname: thread.nickname,
    origin_type: origin.type,
    parent_id: spawned?.parent_thread_id ?? null,
    // Session logs have neither always the edge nor the role.
    spawn_edge_id: context.logged === null ||
        context.trace.interaction_edges.has(spawned?.spawn_edge_id ?? "")
      ? spawned?.spawn_edge_id ?? null
      : null,
    task_name: spawned?.task_name ?? null,
    agent_role: context.logged === null
      ? spawned?.agent_role ?? null
      : spawned?.agent_role || null,
    model: thread.default_model,
    items: context.vectors.intern(
      items.map(({ id }) => id),
      `seen by ${thread.thread_id}`,
    ),
    inherited_items: history?.items.length ?? 0,
    inherited_by: history?.origin ?? null,
    inherited_from_id: history?.thread_id ?? null,
  };
}

export function turnRow(context: RowContext, turn: CodexTurn): TurnRow {
  return {
    ...rowOf(context, "turn", turn.codex_turn_id),
    ...windowOf(context, "turn", turn.codex_turn_id, turn.execution),
    thread_id: turn.thread_id,
  };
}

export function itemRow(context: RowContext, item: ConversationItem): ItemRow {
  return {
    ...rowOf(context, "item", item.item_id),
    thread_id: item.thread_id,
    turn_id: item.codex_turn_id,
    at: approximateNumber(item.first_seen_at_unix_ms),
    role: item.role,
    channel: item.channel,
    kind: item.kind,
    author: item.agent_message?.author ?? null,
    recipient: item.agent_message?.recipient ?? null,
    call_id: item.call_id,
    responses_item_id: item.responses_item_id ?? null,
    accepted_at: approximateNumber(item.accepted_at_unix_ms),
    accepted_seq: approximateNumber(item.accepted_seq),
    is_accepted: !context.marks.unaccepted.has(item.item_id),
    is_inherited: context.marks.inherited.has(item.item_id),
    lacks_output_in_id: context.marks.unanswered.get(item.item_id) ?? null,
    receipt_payload_id: receiptOf(context.scene.session, item),
    parts:
      context.logged?.get(item.item_id)?.map((part) =>
        loggedPartRow(context.texts, part)
      ) ?? item.body.parts.map((part) => partRow(context, part)),
    produced_by: item.produced_by.map(producer),
  };
}

function partRow(
  { texts, trace }: RowContext,
  part: ConversationPart,
): PartRow {
  const row = { type: part.type, ...EMPTY_PART };
  switch (part.type) {
    case "text":
    case "summary":
      return { ...row, text: texts.intern(part.text) };
    case "encoded":
      return {
        ...row,
        text: texts.intern(part.value),
        label: part.label,
      };
    case "json":
      return {
        ...row,
        text: texts.intern(part.summary),
        payload_id: part.raw_payload_id,
      };
    case "code":
      return {
        ...row,
        text: texts.intern(part.source),
        label: part.language,
      };
    case "payload_ref":
      return {
        ...row,
        label: part.label,
        payload_id: part.raw_payload_id,
        sha256: part.content_sha256 ?? null,
        capture: captureRow(captureOfPart(trace, part)),
      };
  }
}

function producer(ref: ProducerRef): ItemRow["produced_by"][number] {
  switch (ref.type) {
    case "user_input":
    case "harness":
      return [ref.type];
    case "inference":
      return ["inference_call", ref.inference_call_id];
    case "tool":
      return ["tool_call", ref.tool_call_id];
    case "code_cell":
      return ["code_cell", ref.code_cell_id];
    case "interaction_edge":
      return ["edge", ref.edge_id];
    case "compaction":
      return ["compaction", ref.compaction_id];
  }
}

/** A request and its answer. */
export function callRow(context: RowContext, call: InferenceCall): CallRow {
  const { trace, scene } = context;
  const { id, ref, isWarmup } = effectiveRequest(scene.session, call);
  const response = trace.raw_payloads.get(call.raw_response_payload_id ?? "");
  return {
    ...rowOf(context, "inference_call", call.inference_call_id),
    ...windowOf(
      context,
      "inference_call",
      call.inference_call_id,
      call.execution,
    ),
    thread_id: call.thread_id,
    turn_id: call.codex_turn_id,
    model: call.model,
    provider_name: call.provider_name,
    response_id: call.response_id,
    upstream_request_id: call.upstream_request_id,
    request: context.vectors.intern(call.request_item_ids, call.thread_id),
    dropped_item_ids: context.marks.dropped.get(call.inference_call_id) ?? [],
    response_ids: call.response_item_ids,
    tool_ids: call.tool_call_ids_started_by_response,
    usage: call.usage === null ? null : usageRow(call.usage),
    cost: costOf(context, call),
    request_payload_id: call.raw_request_payload_id,
    prepared_payload_id: call.prepared_prompt_payload_id ?? null,
    warmup_payload_id: isWarmup ? id : null,
    response_payload_id: call.raw_response_payload_id,
    request_capture: listCapture(context, ref, call.request_item_ids),
    response_capture: listCapture(context, response, call.response_item_ids),
    unrecorded_request_items: ref === undefined ? 0 : lostItems(ref).length,
    unrecorded_response_items: response === undefined
      ? 0
      : lostItems(response).length,
  };
}

function costOf({ prices }: RowContext, call: InferenceCall): number | null {
  const counter = new CostCounter(prices);
  counter.add(call.model, call.usage);
  return counter.cost?.amount ?? null;
}

/** How much was kept of the payload with a list of items; null when all of it is known. */
function listCapture(
  { scene }: RowContext,
  ref: RawPayloadRef | undefined,
  { length }: { readonly length: number },
): CaptureRow | null {
  const isLost = ref !== undefined && length === 0 &&
    lostPayloads(scene.session).has(ref.raw_payload_id);
  return isLost ? { status: "lost" } : captureRow(ref?.capture);
}

function usageRow(usage: TokenUsage): UsageRow {
  return {
    input_tokens: exactInteger(usage.input_tokens),
    cached_input_tokens: exactInteger(usage.cached_input_tokens),
    cache_write_input_tokens: exactInteger(usage.cache_write_input_tokens),
    output_tokens: exactInteger(usage.output_tokens),
    reasoning_output_tokens: exactInteger(usage.reasoning_output_tokens),
  };
}

export function compactionRow(
  context: RowContext,
  compaction: Compaction,
): CompactionRow {
  const { thread_id: thread } = compaction;
  const { before, after } = historyLengths(context.scene.session, compaction);
  return {
    ...rowOf(context, "compaction", compaction.compaction_id),
    thread_id: thread,
    turn_id: compaction.codex_turn_id,
    installed_at: approximateNumber(compaction.installed_at_unix_ms),
    checkpoint_capture: captureRow(
      checkpointCapture(context.scene.session, compaction),
    ),
    items_before: before,
    items_after: after,
    marker_item_id: compaction.marker_item_id,
    request_ids: compaction.request_ids,
    input: context.vectors.intern(compaction.input_item_ids, thread),
    replacement: context.vectors.intern(
      compaction.replacement_item_ids,
      `put in ${compaction.compaction_id}`,
    ),
  };
}

export function summaryRow(
  context: RowContext,
  request: CompactionRequest,
): SummaryRow {
  return {
    ...rowOf(context, "compaction_request", request.compaction_request_id),
    ...windowOf(
      context,
      "compaction_request",
      request.compaction_request_id,
      request.execution,
    ),
    compaction_id: request.compaction_id,
    thread_id: request.thread_id,
    turn_id: request.codex_turn_id,
    model: request.model,
    provider_name: request.provider_name,
    request_payload_id: request.raw_request_payload_id,
    response_payload_id: request.raw_response_payload_id,
    request_capture: captureRow(
      captureOf(context.scene.trace, request.raw_request_payload_id),
    ),
    response_capture: captureRow(
      captureOf(context.scene.trace, request.raw_response_payload_id),
    ),
  };
}
