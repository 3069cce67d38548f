/**
 * What `follow` reads of the payloads about other agents: to whom a tool call leads.
 *
 * The rules are those of the reducer, without what the receiver saw of it.
 *
 * @module
 */

import type { Decoder } from "../../../format/decode/decode.ts";
import type { ThreadId } from "../../../format/ids.ts";
import type { PayloadDocument } from "../../../format/payload.ts";
import {
  type ActivityKind,
  agentActivity,
  closeBegin,
  closeEnd,
  interactionBegin,
  interactionEnd,
  MESSAGE_KEYS,
  messageArguments,
  spawnEnd,
} from "../../../reduce/agents/agent_payload.ts";
import {
  decodePayload,
  decodeText,
  decodeValue,
  valueUnder,
} from "../../../reduce/decode_payload.ts";
import type { EdgeKind } from "../../session/names/edge_kind.ts";
import { isInterruptAgent } from "../../session/names/tool_name.ts";
import type { OpenTool } from "./open_objects.ts";
import type { Evidence } from "./payload_facts.ts";

/** What passed between two agents. */
export interface AgentFacts {
  readonly kind: EdgeKind;
  readonly to: ThreadId;
  /** What was sent; null where nothing was, or that is unknown. */
  readonly text: string | null;
}

/** What an activity means, by the kind of the tool call. */
const ACTIVITIES: Readonly<Record<ActivityKind, readonly string[]>> = {
  started: ["spawn_agent"],
  interacted: ["assign_agent_task", "send_message"],
  interrupted: ["close_agent"],
  completed: [],
};

/** Returns what a tool call reports about another agent when its runtime starts; else null. */
export function agentBegin(
  tool: OpenTool,
  evidence: Evidence | null,
): AgentFacts | null {
  if (evidence === null) return null;
  const { kind, runtimeStart } = tool;
  switch (kind.type) {
    case "assign_agent_task":
    case "send_message": {
      const begin = decoded(tool, runtimeStart, evidence, interactionBegin);
      return messageTo(kind.type, begin?.receiver_thread_id, begin?.prompt);
    }
    case "close_agent":
      return closeOf(tool, decoded(tool, runtimeStart, evidence, closeBegin));
    default:
      return null;
  }
}

/** Returns what a tool call reports about another agent when its runtime ends; else null. */
export function agentEnd(
  tool: OpenTool,
  evidence: Evidence | null,
): AgentFacts | null {
  if (evidence === null) return null;
  const { kind, runtimeEnd } = tool;
  const isActivity = evidence.read(
    runtimeEnd,
    ({ value }) => valueUnder(value, "agent_thread_id") !== undefined,
  );
  if (isActivity === true) return activityOf(tool, evidence);
  switch (kind.type) {
    case "spawn_agent": {
      const end = decoded(tool, runtimeEnd, evidence, spawnEnd);
      return messageTo(kind.type, end?.new_thread_id, end?.prompt);
    }
    case "assign_agent_task":
    case "send_message": {
      const end = decoded(tool, runtimeEnd, evidence, interactionEnd);
      return messageTo(kind.type, end?.receiver_thread_id, end?.prompt);
    }
    case "close_agent":
      return closeOf(tool, decoded(tool, runtimeEnd, evidence, closeEnd));
    default:
      return null;
  }
}

function activityOf(tool: OpenTool, evidence: Evidence): AgentFacts | null {
  const activity = decoded(tool, tool.runtimeEnd, evidence, agentActivity);
  const { kind } = tool;
  if (activity === null) return null;
  if (!ACTIVITIES[activity.kind].includes(kind.type)) return null;
  const to = activity.agent_thread_id;
  switch (kind.type) {
    case "spawn_agent":
    case "assign_agent_task":
    case "send_message":
      return messageTo(kind.type, to, sentText(tool, evidence));
    default:
      return closeOf(tool, { receiver_thread_id: to });
  }
}

/** The message in the arguments of the invocation. */
function sentText({ invocation: ref }: OpenTool, evidence: Evidence) {
  return evidence.read(ref, ({ value }) => {
    const args = valueUnder(valueUnder(value, "payload"), "arguments");
    if (ref === null || typeof args !== "string") return null;
    return decodePayload(
      ref,
      "an invocation with a message",
      () => decodeText(args, MESSAGE_KEYS, messageArguments).message,
    );
  });
}

function messageTo(
  kind: EdgeKind,
  to: ThreadId | null | undefined,
  text: string | null | undefined,
): AgentFacts | null {
  return to === null || to === undefined
    ? null
    : { kind, to, text: text ?? null };
}

function closeOf(
  tool: OpenTool,
  closed: { readonly receiver_thread_id: ThreadId } | null,
): AgentFacts | null {
  const kind = isInterruptAgent(tool) ? "interrupt_agent" : "close_agent";
  return closed === null
    ? null
    : messageTo(kind, closed.receiver_thread_id, null);
}

function decoded<T>(
  { kind }: OpenTool,
  ref: OpenTool["runtimeEnd"],
  evidence: Evidence,
  decoder: Decoder<T>,
): T | null {
  return evidence.read(
    ref,
    (document: PayloadDocument) =>
      ref === null ? null : decodePayload(
        ref,
        `a runtime payload of a ${kind.type} tool`,
        () => decodeValue(decoder, document.exact()),
      ),
  );
}
