/**
 * Tool calls that spawn, address or close other agents, and the results agents report back.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type { AgentResultObserved } from "../../format/event.ts";
import { type EdgeId, spawnEdgeId, toolEdgeId } from "../../format/ids.ts";
import type { RawPayloadRef } from "../../format/payload.ts";
import type { ToolCallKind } from "../../format/vocabulary.ts";
import type { TraceAnchor } from "../../graph/runtime.ts";
import {
  type AgentObservation,
  decodeObserved,
  type MessageKind,
  planClose,
  planMessage,
  sentText,
} from "./agent_edge.ts";
import {
  agentActivity,
  closeBegin,
  closeEnd,
  interactionBegin,
  interactionEnd,
  spawnEnd,
} from "./agent_payload.ts";
import { idsOf } from "./carried_payloads.ts";
import { planDelivery } from "./delivery.ts";
import type { EventContext } from "../records.ts";
import { valueUnder } from "../runtime/runtime_payload.ts";
import type { ReducerState } from "../state.ts";
import type { ToolRecord } from "../runtime/tool_table.ts";

/** Whether the begin payload of such a tool says anything about agents. */
export function beginsWithAgent(kind: ToolCallKind): boolean {
  return kind.type === "assign_agent_task" || kind.type === "send_message" ||
    kind.type === "close_agent";
}

/** Checks what a runtime's begin payload says of agents and returns what enters it. */
export function planAgentBegin(
  state: ReducerState,
  observed: AgentObservation,
  kind: ToolCallKind,
): () => void {
  switch (kind.type) {
    case "assign_agent_task":
    case "send_message": {
      const begin = decodeObserved(observed, interactionBegin);
      const { receiver_thread_id, prompt } = begin;
      return planMessage(state, observed, {
        edgeId: toolEdgeId(observed.tool.call.tool_call_id),
        kind: kind.type,
        targetThreadId: receiver_thread_id,
        text: prompt,
        endedAt: null,
      });
    }
    case "close_agent": {
      const { receiver_thread_id } = decodeObserved(observed, closeBegin);
      return planClose(state, observed, receiver_thread_id, null);
    }
    default:
      return () => {};
  }
}

/** Checks what a runtime's end payload says of agents and returns what enters it. */
export function planAgentEnd(
  state: ReducerState,
  observed: AgentObservation,
  context: EventContext,
): () => void {
  const { kind, tool_call_id } = observed.tool.call;
  if (valueUnder(observed.document.value, "agent_thread_id") !== undefined) {
    return planActivity(state, observed, context);
  }
  switch (kind.type) {
    case "spawn_agent": {
      const end = decodeObserved(observed, spawnEnd);
      const child = end.new_thread_id;
      if (child === null) return () => {};
      return planMessage(state, observed, {
        edgeId: spawnEdgeId(end.sender_thread_id, child),
        kind: kind.type,
        targetThreadId: child,
        text: end.prompt,
        endedAt: context.at,
      });
    }
    case "assign_agent_task":
    case "send_message": {
      const { receiver_thread_id, prompt } = decodeObserved(
        observed,
        interactionEnd,
      );
      return planMessage(state, observed, {
        edgeId: toolEdgeId(tool_call_id),
        kind: kind.type,
        targetThreadId: receiver_thread_id,
        text: prompt,
        endedAt: context.at,
      });
    }
    case "close_agent": {
      const { receiver_thread_id } = decodeObserved(observed, closeEnd);
      return planClose(state, observed, receiver_thread_id, context.at);
    }
    default:
      return () => {};
  }
}

function planActivity(
  state: ReducerState,
  observed: AgentObservation,
  context: EventContext,
): () => void {
  const activity = decodeObserved(observed, agentActivity);
  const { call, thread } = observed.tool;
  const { kind } = call;
  const target = activity.agent_thread_id;
  const message = (edgeId: EdgeId, edgeKind: MessageKind) => {
    const text = sentText(state, observed);
    if (text === null) return () => {};
    return planMessage(state, observed, {
      edgeId,
      kind: edgeKind,
      targetThreadId: target,
      text,
      endedAt: context.at,
    });
  };
  switch (activity.kind) {
    case "completed":
      return () => {};
    case "started":
      if (kind.type !== "spawn_agent") break;
      return message(spawnEdgeId(thread.thread.thread_id, target), kind.type);
    case "interacted":
      if (kind.type !== "assign_agent_task" && kind.type !== "send_message") {
        break;
      }
      return message(toolEdgeId(call.tool_call_id), kind.type);
    case "interrupted":
      if (kind.type !== "close_agent") break;
      return planClose(state, observed, target, context.at);
  }
  throw new ReplayError(
    "activity_mismatch",
    `an agent was ${activity.kind} by tool call ${
      quote(call.tool_call_id)
    }, whose kind is ${kind.type}`,
    { tool_call_id: call.tool_call_id },
  );
}

/** Adds a tool call's result to the first edge that the call is the source of. */
export function carryResult(
  state: ReducerState,
  tool: ToolRecord,
  ref: RawPayloadRef,
): void {
  const id = tool.call.tool_call_id;
  const carried = state.edges.firstOfTool(id)?.carried_raw_payload_ids ??
    state.edges.firstPendingOfTool(id)?.payloadIds;
  if (carried !== undefined) {
    state.uniqueIds.push(carried, ref.raw_payload_id);
  }
}

/** Handles the event of that name: a child's result goes to its parent. */
export function agentResultObserved(
  state: ReducerState,
  event: AgentResultObserved,
  context: EventContext,
): void {
  const { child_thread_id, child_codex_turn_id } = event;
  const child = state.thread(child_thread_id);
  const said = state.edges.lastMessage(child_thread_id, child_codex_turn_id);
  // A child that failed may have said nothing; its thread stands in for the message then.
  const source: TraceAnchor = said === undefined
    ? { type: "thread", thread_id: child_thread_id }
    : { type: "conversation_item", item_id: said.item.item_id };
  const carried = event.carried_payload;
  planDelivery(state, {
    edgeId: event.edge_id,
    kind: "agent_result",
    source,
    targetThreadId: event.parent_thread_id,
    author: child.thread.agent_path,
    text: event.message,
    startedAt: context.at,
    endedAt: context.at,
    origin: context,
  }, idsOf(carried === null ? [] : [carried.raw_payload_id]))();
}
