/**
 * Edges of tool calls that reach other agents, made from what a runtime observed.
 *
 * @module
 */

import type { Decoder } from "../../format/decode/decode.ts";
import { type EdgeId, type ThreadId, toolEdgeId } from "../../format/ids.ts";
import type { PayloadDocument, RawPayloadRef } from "../../format/payload.ts";
import type { UnixMs } from "../../format/vocabulary.ts";
import { MESSAGE_KEYS, messageArguments } from "./agent_payload.ts";
import { payloadsOfCall } from "./carried_payloads.ts";
import { planDelivery, planEdge } from "./delivery.ts";
import {
  decodePayload,
  decodeText,
  decodeValue,
  malformed,
  valueUnder,
} from "../runtime/runtime_payload.ts";
import type { Origin } from "../problems.ts";
import type { ReducerState } from "../state.ts";
import type { ToolRecord } from "../runtime/tool_table.ts";

/** A runtime payload of a tool call. */
export interface AgentObservation {
  readonly tool: ToolRecord;
  readonly ref: RawPayloadRef;
  readonly document: PayloadDocument;
  /** The event that brought it. */
  readonly origin: Origin;
}

/** Kinds of a tool's edges that lead to a message. */
export type MessageKind = "spawn_agent" | "assign_agent_task" | "send_message";

/** A message that a tool call sent. */
export interface SentMessage {
  readonly edgeId: EdgeId;
  readonly kind: MessageKind;
  readonly targetThreadId: ThreadId;
  readonly text: string;
  readonly endedAt: UnixMs | null;
}

/** Checks a message's edge and returns what enters it. */
export function planMessage(
  state: ReducerState,
  observed: AgentObservation,
  message: SentMessage,
): () => void {
  const { call, thread } = observed.tool;
  const isNew = state.edges.get(message.edgeId) === undefined &&
    state.edges.pending(message.edgeId) === undefined;
  if (isNew) {
    const payloads = call.raw_runtime_payload_ids.length;
    state.edges.reserve(payloads, observed.origin.line);
  }
  return planDelivery(state, {
    ...message,
    source: { type: "tool_call", tool_call_id: call.tool_call_id },
    author: thread.thread.agent_path,
    startedAt: call.execution.started_at_unix_ms,
    origin: observed.origin,
  }, payloadsOfCall(observed.tool, observed.ref.raw_payload_id));
}

/** The same for a close, which leads to the thread it closes, or nowhere without one. */
export function planClose(
  state: ReducerState,
  observed: AgentObservation,
  target: ThreadId,
  endedAt: UnixMs | null,
): () => void {
  if (!state.threads.has(target)) return () => {};
  const { tool_call_id, execution } = observed.tool.call;
  return planEdge(state, {
    edge_id: toolEdgeId(tool_call_id),
    kind: "close_agent",
    source: { type: "tool_call", tool_call_id },
    target: { type: "thread", thread_id: target },
    started_at_unix_ms: execution.started_at_unix_ms,
    ended_at_unix_ms: endedAt,
    carried_item_ids: [],
  }, payloadsOfCall(observed.tool, observed.ref.raw_payload_id));
}

/** The message among the arguments of the tool's invocation; null when that was not recorded. */
export function sentText(
  state: ReducerState,
  { tool, ref }: AgentObservation,
): string | null {
  const id = tool.call.raw_invocation_payload_id;
  const invocation = id === null ? undefined : state.rawPayloads.get(id);
  if (invocation === undefined) {
    throw malformed(ref, "tells of a message, but the tool has no invocation");
  }
  const document = state.openWhole(invocation);
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

/** Decodes the payload, exactly. */
export function decodeObserved<T>(
  { tool, ref, document }: AgentObservation,
  decoder: Decoder<T>,
): T {
  return decodePayload(
    ref,
    `a runtime payload of a ${tool.call.kind.type} tool`,
    () => decodeValue(decoder, document.exact()),
  );
}
