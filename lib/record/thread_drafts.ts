/**
 * The events of threads and turns, with what each needs in the log.
 *
 * @module
 */

import type { Dialect } from "../bundle/write/dialect.ts";
import { type EventContext, NO_CONTEXT } from "../bundle/write/writer.ts";
import {
  agentResultEdgeId,
  type CodexTurnId,
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

/** What a child tells its parent at the end of a turn. */
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
export function threadStarted(metadata: ThreadStartedTraceMetadata): Draft {
  const { thread_id, agent_path } = metadata;
  return {
    context: NO_CONTEXT,
    event: {
      type: "thread_started",
      thread_id,
      agent_path,
      metadata_payload: optionalPayload(
        "session_metadata",
        () => metadataBody(metadata),
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

/** A thread goes on, which only an ended one can. */
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
  dialect: Dialect,
): Draft | undefined {
  const bound = turnEvent(defaults.codexTurnId, event, dialect);
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
  agentMessage: unknown,
): Draft {
  return {
    context,
    event: {
      type: "history_item_accepted",
      item_id,
      agent_message_payload: agentMessage === undefined
        ? null
        : optionalPayload("protocol_event", () => agentMessage),
    },
    needs: [lossKey.thread(context.threadId)],
    gives: [],
  };
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
