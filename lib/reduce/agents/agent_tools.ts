/**
 * Tool calls that spawn, message or close other agents, and the results that agents report back.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type { Decoder } from "../../format/decode/decode.ts";
import type { AgentResultObserved } from "../../format/event.ts";
import {
  type EdgeId,
  spawnEdgeId,
  type ThreadId,
  toolEdgeId,
} from "../../format/ids.ts";
import type { PayloadDocument, RawPayloadRef } from "../../format/payload.ts";
import type { ToolCallKind, UnixMs } from "../../format/vocabulary.ts";
import type { TraceAnchor } from "../../graph/runtime.ts";
import {
  agentActivity,
  closeBegin,
  closeEnd,
  interactionBegin,
  interactionEnd,
  MESSAGE_KEYS,
  messageArguments,
  spawnEnd,
} from "./agent_payload.ts";
import {
  fixedPayloads,
  payloadsOfCall,
  prepareDelivery,
  prepareEdge,
} from "./delivery.ts";
import {
  decodePayload,
  decodeText,
  decodeValue,
  malformed,
  valueUnder,
} from "../decode_payload.ts";
import type { Origin } from "../fault_handler.ts";
import type { Commit, EventContext } from "../state/records.ts";
import type { ReducerState } from "../state/reducer_state.ts";
import type { ToolRecord } from "../state/tool_table.ts";

/** Returns whether the begin payload of such a tool describes an agent. */
export function beginsWithAgent(kind: ToolCallKind): boolean {
  return kind.type === "assign_agent_task" || kind.type === "send_message" ||
    kind.type === "close_agent";
}

/** Checks what the begin payload of a runtime records about agents, and returns its commit. */
export function prepareAgentBegin(
  state: ReducerState,
  observed: AgentObservation,
  kind: ToolCallKind,
): Commit {
  switch (kind.type) {
    case "assign_agent_task":
    case "send_message": {
      const begin = decodeObserved(observed, interactionBegin);
      const { receiver_thread_id, prompt } = begin;
      return prepareMessage(state, observed, {
        edgeId: toolEdgeId(observed.tool.call.tool_call_id),
        kind: kind.type,
        targetThreadId: receiver_thread_id,
        text: prompt,
        endedAt: null,
      });
    }
    case "close_agent": {
      const { receiver_thread_id } = decodeObserved(observed, closeBegin);
      return prepareClose(state, observed, receiver_thread_id, null);
    }
    default:
      return () => {};
  }
}

/** Checks what the end payload of a runtime records about agents, and returns its commit. */
export function prepareAgentEnd(
  state: ReducerState,
  observed: AgentObservation,
  context: EventContext,
): Commit {
  const { kind, tool_call_id } = observed.tool.call;
  if (valueUnder(observed.document.value, "agent_thread_id") !== undefined) {
    return prepareActivity(state, observed, context);
  }
  switch (kind.type) {
    case "spawn_agent": {
      const end = decodeObserved(observed, spawnEnd);
      const child = end.new_thread_id;
      if (child === null) return () => {};
      return prepareMessage(state, observed, {
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
      return prepareMessage(state, observed, {
        edgeId: toolEdgeId(tool_call_id),
        kind: kind.type,
        targetThreadId: receiver_thread_id,
        text: prompt,
        endedAt: context.at,
      });
    }
    case "close_agent": {
      const { receiver_thread_id } = decodeObserved(observed, closeEnd);
      return prepareClose(state, observed, receiver_thread_id, context.at);
    }
    default:
      return () => {};
  }
}

function prepareActivity(
  state: ReducerState,
  observed: AgentObservation,
  context: EventContext,
): Commit {
  const activity = decodeObserved(observed, agentActivity);
  const { call, thread } = observed.tool;
  const { kind } = call;
  const target = activity.agent_thread_id;
  namePath(state, target, activity.agent_path);
  const message = (edgeId: EdgeId, edgeKind: MessageKind) => {
    const text = sentText(state, observed);
    if (text === null) return () => {};
    return prepareMessage(state, observed, {
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
      return prepareClose(state, observed, target, context.at);
  }
  throw new ReplayError(
    "activity_mismatch",
    `an agent was ${activity.kind} by tool call ${
      quote(call.tool_call_id)
    }, whose kind is ${kind.type}`,
    { tool_call_id: call.tool_call_id },
  );
}

/** Sets the path of a thread, where the start that has it is not in the log. */
function namePath(state: ReducerState, id: ThreadId, path: string): void {
  const record = state.threads.get(id);
  if (record === undefined) state.namedPaths.set(id, path);
  if (record === undefined || !record.lacksPath) return;
  record.thread.agent_path = path;
  record.lacksPath = false;
}

/** Adds the result of a tool call to the first edge that starts at the call. */
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

/** Handles `agent_result_observed`: a child's result is sent to its parent. */
export function agentResultObserved(
  state: ReducerState,
  event: AgentResultObserved,
  context: EventContext,
): void {
  const { child_thread_id, child_codex_turn_id } = event;
  const child = state.thread(child_thread_id);
  const message = state.edges.lastMessage(child_thread_id, child_codex_turn_id);
  // A child that failed may not have written a message; then its thread is the source.
  const source: TraceAnchor = message === undefined
    ? { type: "thread", thread_id: child_thread_id }
    : { type: "conversation_item", item_id: message.item.item_id };
  const carried = event.carried_payload;
  prepareDelivery(state, {
    edgeId: event.edge_id,
    kind: "agent_result",
    source,
    targetThreadId: event.parent_thread_id,
    author: child.thread.agent_path,
    text: event.message,
    startedAt: context.at,
    endedAt: context.at,
    origin: context,
  }, fixedPayloads(carried === null ? [] : [carried.raw_payload_id]))();
}

/** A runtime payload of a tool call. */
export interface AgentObservation {
  readonly tool: ToolRecord;
  readonly ref: RawPayloadRef;
  readonly document: PayloadDocument;
  /** The event that has the payload. */
  readonly origin: Origin;
}

/** Kinds of edges from a tool call to a message. */
export type MessageKind = "spawn_agent" | "assign_agent_task" | "send_message";

/** A message that a tool call sent. */
export interface SentMessage {
  readonly edgeId: EdgeId;
  readonly kind: MessageKind;
  readonly targetThreadId: ThreadId;
  readonly text: string;
  readonly endedAt: UnixMs | null;
}

/** Checks the edge of a message, and returns its commit. */
function prepareMessage(
  state: ReducerState,
  observed: AgentObservation,
  message: SentMessage,
): Commit {
  const { call, thread } = observed.tool;
  const isNew = state.edges.get(message.edgeId) === undefined &&
    state.edges.pending(message.edgeId) === undefined;
  if (isNew) {
    const payloads = call.raw_runtime_payload_ids.length;
    state.edges.chargeEdgePayloads(payloads, observed.origin.line);
  }
  return prepareDelivery(state, {
    ...message,
    source: { type: "tool_call", tool_call_id: call.tool_call_id },
    author: thread.thread.agent_path,
    startedAt: call.execution.started_at_unix_ms,
    origin: observed.origin,
  }, payloadsOfCall(observed.tool, observed.ref.raw_payload_id));
}

/** Checks the edge of a close, which leads to the closed thread, and returns its commit. */
function prepareClose(
  state: ReducerState,
  observed: AgentObservation,
  target: ThreadId,
  endedAt: UnixMs | null,
): Commit {
  if (!state.threads.has(target)) return () => {};
  const { tool_call_id, execution } = observed.tool.call;
  return prepareEdge(state, {
    edge_id: toolEdgeId(tool_call_id),
    kind: "close_agent",
    source: { type: "tool_call", tool_call_id },
    target: { type: "thread", thread_id: target },
    started_at_unix_ms: execution.started_at_unix_ms,
    ended_at_unix_ms: endedAt,
    carried_item_ids: [],
  }, payloadsOfCall(observed.tool, observed.ref.raw_payload_id));
}

/** Returns the message in the arguments of the invocation; `null` when it was not recorded. */
function sentText(
  state: ReducerState,
  { tool, ref }: AgentObservation,
): string | null {
  const id = tool.call.raw_invocation_payload_id;
  const invocation = id === null ? undefined : state.rawPayloads.get(id);
  if (invocation === undefined) {
    throw malformed(ref, "records a message, but the tool has no invocation");
  }
  const document = state.openComplete(invocation);
  if (document === null) return null;
  const payload = valueUnder(document.value, "payload");
  const args = valueUnder(payload, "arguments");
  if (typeof args !== "string") {
    throw malformed(invocation, "has no function arguments");
  }
  return decodePayload(
    invocation,
    "an invocation with a message",
    () => decodeText(args, MESSAGE_KEYS, messageArguments).message,
  );
}

/** Returns the decoded payload; its numbers keep their spelling. */
function decodeObserved<T>(
  { tool, ref, document }: AgentObservation,
  decoder: Decoder<T>,
): T {
  return decodePayload(
    ref,
    `a runtime payload of a ${tool.call.kind.type} tool`,
    () => decodeValue(decoder, document.exact()),
  );
}
