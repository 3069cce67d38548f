/**
 * The events of threads and turns, with what each needs in the log.
 *
 * @module
 */

import type { WriteRules } from "../bundle/write/write_rules.ts";
import {
  agentResultEdgeId,
  type CodexTurnId,
  type RuntimeCellId,
  type ThreadId,
  type ToolCallId,
} from "../format/ids.ts";
import type { RolloutStatus } from "../format/vocabulary.ts";
import { type Draft, optionalPayload, requiredPayload } from "./draft.ts";
import { lossKey } from "./losses.ts";
import { metadataBody, type ThreadStartedTraceMetadata } from "./metadata.ts";
import {
  type ProtocolEvent,
  turnEvent,
  wrappedEvent,
} from "./protocol_event.ts";
import { type EventContext, NO_CONTEXT } from "./trace_writer.ts";

/** What a child sends to its parent at the end of a turn. */
export interface AgentResultTracePayload {
  /** Path of the child. */
  child_agent_path: string;
  /** The message as the parent is shown it. */
  message: string;
  /** The child's status, as the protocol spells it. */
  status: unknown;
}

/** Envelope of an event of `codexTurnId`. */
export interface TurnContext extends EventContext {
  /** The thread. */
  readonly threadId: ThreadId;
  /** The turn. */
  readonly codexTurnId: CodexTurnId;
}

/** The rollout begins. */
export function rolloutStarted(traceId: string, root: ThreadId): Draft {
  return {
    context: NO_CONTEXT,
    event: {
      type: "rollout_started",
      trace_id: traceId,
      root_thread_id: root,
    },
    needs: [],
    gives: [],
  };
}

/** The rollout ends. */
export function rolloutEnded(status: RolloutStatus): Draft {
  return {
    context: NO_CONTEXT,
    event: { type: "rollout_ended", status },
    needs: [],
    gives: [],
  };
}

/** A thread begins. */
export function threadStarted(
  metadata: ThreadStartedTraceMetadata,
  rules: WriteRules,
): Draft {
  const { thread_id, agent_path } = metadata;
  return {
    context: NO_CONTEXT,
    event: {
      type: "thread_started",
      thread_id,
      agent_path,
      metadata_payload: optionalPayload(
        "session_metadata",
        () => metadataBody(metadata, rules),
      ),
    },
    needs: [],
    gives: [lossKey.thread(thread_id)],
  };
}

/** A thread ends. */
export function threadEnded(thread_id: ThreadId, status: RolloutStatus): Draft {
  return {
    context: NO_CONTEXT,
    event: { type: "thread_ended", thread_id, status },
    needs: [lossKey.thread(thread_id)],
    gives: [lossKey.threadEnd(thread_id)],
  };
}

/** A thread is resumed, which needs that it ended. */
export function threadResumed(thread_id: ThreadId): Draft {
  return {
    context: NO_CONTEXT,
    event: { type: "thread_resumed", thread_id },
    needs: [lossKey.thread(thread_id), lossKey.threadEnd(thread_id)],
    gives: [],
  };
}

/** A protocol message is kept, or not. */
export function protocolEventObserved(
  thread: ThreadId,
  event: ProtocolEvent,
): Draft | undefined {
  const wrapped = wrappedEvent(event);
  return wrapped && {
    context: NO_CONTEXT,
    event: {
      type: "protocol_event_observed",
      event_type: wrapped.name,
      event_payload: requiredPayload("protocol_event", () => wrapped.payload),
    },
    needs: [lossKey.thread(thread)],
    gives: [],
  };
}

/** A turn begins. */
export function turnStarted(context: TurnContext): Draft {
  const { threadId, codexTurnId } = context;
  return {
    context,
    event: {
      type: "codex_turn_started",
      codex_turn_id: codexTurnId,
      thread_id: threadId,
    },
    needs: [lossKey.thread(threadId)],
    gives: [lossKey.turn(codexTurnId)],
  };
}

/** What a protocol message says about a turn, if anything. */
export function turnObserved(
  defaults: TurnContext,
  event: ProtocolEvent,
  rules: WriteRules,
): Draft | undefined {
  const bound = turnEvent(defaults.codexTurnId, event, rules);
  if (bound === undefined) return undefined;
  const context = { ...defaults, codexTurnId: bound.turnId };
  return bound.type === "started" ? turnStarted(context) : {
    context,
    event: {
      type: "codex_turn_ended",
      codex_turn_id: bound.turnId,
      status: bound.status,
    },
    needs: [lossKey.thread(context.threadId), lossKey.turn(bound.turnId)],
    gives: [],
  };
}

/** An item joins the history. A reader looks for the thread alone. */
export function historyItemAccepted(
  context: TurnContext,
  item_id: string,
  item: unknown,
  rules: WriteRules,
): Draft {
  const payload = item === undefined
    ? null
    : optionalPayload("protocol_event", () => item);
  const isOutput = isToolOutput(item);
  return {
    context,
    event: {
      type: "history_item_accepted",
      item_id,
      agent_message_payload: isOutput ? null : payload,
      tool_output_payload: isOutput && rules.acceptsToolOutputs
        ? payload
        : null,
    },
    needs: [lossKey.thread(context.threadId)],
    gives: [],
  };
}

/** Whether an item is the output of any sort of tool. */
function isToolOutput(item: unknown): boolean {
  return typeof item === "object" && item !== null && "type" in item &&
    typeof item.type === "string" && item.type.endsWith("_output");
}

/** A child's result was handed to its parent. */
export function agentResultObserved(
  child: TurnContext,
  parent: ThreadId,
  result: AgentResultTracePayload,
): Draft {
  const { child_agent_path, message, status } = result;
  return {
    context: child,
    event: {
      type: "agent_result_observed",
      edge_id: agentResultEdgeId(child.threadId, child.codexTurnId, parent),
      child_thread_id: child.threadId,
      child_codex_turn_id: child.codexTurnId,
      parent_thread_id: parent,
      message,
      carried_payload: optionalPayload(
        "agent_result",
        () => ({ child_agent_path, message, status }),
      ),
    },
    needs: [lossKey.thread(child.threadId), lossKey.thread(parent)],
    gives: [],
  };
}

/** The code cell that a `wait` call waits for is known. */
export function codeCellWaitTargetResolved(
  context: TurnContext,
  tool_call_id: ToolCallId,
  runtime_cell_id: RuntimeCellId,
): Draft {
  const { threadId, codexTurnId } = context;
  return {
    context,
    event: {
      type: "code_cell_wait_target_resolved",
      tool_call_id,
      runtime_cell_id,
    },
    needs: [
      lossKey.thread(threadId),
      lossKey.turn(codexTurnId),
      lossKey.tool(tool_call_id),
      lossKey.cell(threadId, runtime_cell_id),
    ],
    gives: [],
  };
}

/** The process behind a `write_stdin` call is known. */
export function stdinTargetResolved(
  context: TurnContext,
  tool_call_id: ToolCallId,
  exec_tool_call_id: ToolCallId,
): Draft {
  return {
    context,
    event: { type: "stdin_target_resolved", tool_call_id, exec_tool_call_id },
    needs: [lossKey.tool(tool_call_id), lossKey.tool(exec_tool_call_id)],
    gives: [],
  };
}
