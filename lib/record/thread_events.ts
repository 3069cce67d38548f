/**
 * Events of threads and turns, and the metadata of a thread.
 *
 * @module
 */

import { SharedJson } from "../bundle/write/json_members.ts";
import type { WriteRules } from "../bundle/write/write_rules.ts";
import {
  agentResultEdgeId,
  type CodexTurnId,
  type RuntimeCellId,
  type ThreadId,
  type ToolCallId,
} from "../format/ids.ts";
import type { RolloutStatus } from "../format/vocabulary.ts";
import {
  dependencyKey,
  optionalPayload,
  type PendingEvent,
  requiredPayload,
} from "./pending_event.ts";
import {
  type ProtocolEvent,
  turnEvent,
  wrappedEvent,
} from "./protocol_event.ts";
import { type EventContext, NO_CONTEXT } from "./trace_writer.ts";

/** A thread as it starts. Keys are those of the payload; missing ones are written as null. */
export interface ThreadStartedTraceMetadata {
  /** Id of the thread. */
  thread_id: ThreadId;
  /** Its place in the tree of agents: `/root`, `/root/worker`. */
  agent_path: string;
  /** Task it was spawned for. */
  task_name?: string | null;
  /** Name for people. */
  nickname?: string | null;
  /** Role it was spawned in. */
  agent_role?: string | null;
  /**
   * Where the session was started. A spawned thread is known by
   * `{subagent: {thread_spawn: {parent_thread_id, …}}}`.
   */
  session_source?: unknown;
  /** Working folder. */
  cwd?: string | null;
  /** The host's own record of the session. */
  rollout_path?: string | null;
  /** Model the thread begins with. */
  model?: string | null;
  /** Who serves it. */
  provider_name?: string | null;
  /** When the user is asked. */
  approval_policy?: unknown;
  /**
   * What commands may touch: `danger-full-access`, `read-only`, `workspace-write`. In schemas
   * before 3 it is written as `sandbox_policy`.
   */
  permissions_profile?: unknown;
  /** The same, as hosts of schemas before 3 have it; used when the other one is missing. */
  sandbox_policy?: unknown;
}

/** The metadata as a payload. */
function metadataBody(
  metadata: ThreadStartedTraceMetadata,
  { permissionsKey }: WriteRules,
): object {
  const { permissions_profile, sandbox_policy } = metadata;
  const permissions = permissionsKey === "permissions_profile"
    ? permissions_profile ?? sandbox_policy
    : sandbox_policy ?? permissions_profile;
  return {
    thread_id: metadata.thread_id,
    agent_path: metadata.agent_path,
    task_name: metadata.task_name ?? null,
    nickname: metadata.nickname ?? null,
    agent_role: metadata.agent_role ?? null,
    session_source: metadata.session_source ?? null,
    cwd: metadata.cwd ?? null,
    rollout_path: metadata.rollout_path ?? null,
    model: metadata.model ?? null,
    provider_name: metadata.provider_name ?? null,
    approval_policy: metadata.approval_policy ?? null,
    [permissionsKey]: permissions ?? null,
  };
}

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
  readonly threadId: ThreadId;
  readonly codexTurnId: CodexTurnId;
}

/** The rollout begins. */
export function rolloutStarted(traceId: string, root: ThreadId): PendingEvent {
  return {
    context: NO_CONTEXT,
    event: {
      type: "rollout_started",
      trace_id: traceId,
      root_thread_id: root,
    },
    requires: [],
    provides: [],
  };
}

export function rolloutEnded(status: RolloutStatus): PendingEvent {
  return {
    context: NO_CONTEXT,
    event: { type: "rollout_ended", status },
    requires: [],
    provides: [],
  };
}

/** A thread begins. */
export function threadStarted(
  metadata: ThreadStartedTraceMetadata,
  rules: WriteRules,
): PendingEvent & { event: { type: "thread_started"; thread_id: ThreadId } } {
  const { thread_id, agent_path } = metadata;
  if (typeof thread_id !== "string") {
    throw new TypeError('"thread_id" is not a string');
  }
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
    requires: [],
    provides: [dependencyKey.thread(thread_id)],
  };
}

export function threadEnded(
  thread_id: ThreadId,
  status: RolloutStatus,
): PendingEvent {
  return {
    context: NO_CONTEXT,
    event: { type: "thread_ended", thread_id, status },
    requires: [dependencyKey.thread(thread_id)],
    provides: [dependencyKey.threadEnd(thread_id)],
  };
}

/** A thread is resumed, which needs that it ended. */
export function threadResumed(thread_id: ThreadId): PendingEvent {
  return {
    context: NO_CONTEXT,
    event: { type: "thread_resumed", thread_id },
    requires: [
      dependencyKey.thread(thread_id),
      dependencyKey.threadEnd(thread_id),
    ],
    provides: [],
  };
}

/** A protocol message is kept, or not. */
export function protocolEventObserved(
  thread: ThreadId,
  event: ProtocolEvent,
): PendingEvent | undefined {
  const wrapped = wrappedEvent(event);
  return wrapped && {
    context: NO_CONTEXT,
    event: {
      type: "protocol_event_observed",
      event_type: wrapped.name,
      event_payload: requiredPayload("protocol_event", () => wrapped.payload),
    },
    requires: [dependencyKey.thread(thread)],
    provides: [],
  };
}

/** A turn begins. */
export function turnStarted(context: TurnContext): PendingEvent {
  const { threadId, codexTurnId } = context;
  return {
    context,
    event: {
      type: "codex_turn_started",
      codex_turn_id: codexTurnId,
      thread_id: threadId,
    },
    requires: [dependencyKey.thread(threadId)],
    provides: [dependencyKey.turn(codexTurnId)],
  };
}

/** The start or end of a turn that a protocol message reports, if any. */
export function turnObserved(
  defaults: TurnContext,
  event: ProtocolEvent,
  rules: WriteRules,
): PendingEvent | undefined {
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
    requires: [
      dependencyKey.thread(context.threadId),
      dependencyKey.turn(bound.turnId),
    ],
    provides: [],
  };
}

/** An item joins the history. A reader looks for the thread alone. */
export function historyItemAccepted(
  context: TurnContext,
  item_id: string,
  item: unknown,
  rules: WriteRules,
): PendingEvent {
  // The next request repeats the item.
  const content = rules.payloads === "shards" ? new SharedJson(item) : item;
  const payload = () => optionalPayload("protocol_event", () => content);
  const type = typeOf(item);
  const isKept = type.endsWith("_output") && rules.acceptsToolOutputs;
  return {
    context,
    event: {
      type: "history_item_accepted",
      item_id,
      agent_message_payload: type === "agent_message" ? payload() : null,
      tool_output_payload: isKept ? payload() : null,
    },
    requires: [dependencyKey.thread(context.threadId)],
    provides: [],
  };
}

/** The type of an item; the empty string where the host has no item. */
function typeOf(item: unknown): string {
  const hasType = typeof item === "object" && item !== null && "type" in item;
  return hasType && typeof item.type === "string" ? item.type : "";
}

/** A child's result was handed to its parent. */
export function agentResultObserved(
  child: TurnContext,
  parent: ThreadId,
  result: AgentResultTracePayload,
): PendingEvent {
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
    requires: [
      dependencyKey.thread(child.threadId),
      dependencyKey.thread(parent),
    ],
    provides: [],
  };
}

/** The code cell that a `wait` call waits for is known. */
export function codeCellWaitTargetResolved(
  context: TurnContext,
  tool_call_id: ToolCallId,
  runtime_cell_id: RuntimeCellId,
): PendingEvent {
  const { threadId, codexTurnId } = context;
  return {
    context,
    event: {
      type: "code_cell_wait_target_resolved",
      tool_call_id,
      runtime_cell_id,
    },
    requires: [
      dependencyKey.thread(threadId),
      dependencyKey.turn(codexTurnId),
      dependencyKey.tool(tool_call_id),
      dependencyKey.cell(threadId, runtime_cell_id),
    ],
    provides: [],
  };
}

/** The process behind a `write_stdin` call is known. */
export function stdinTargetResolved(
  context: TurnContext,
  tool_call_id: ToolCallId,
  exec_tool_call_id: ToolCallId,
): PendingEvent {
  return {
    context,
    event: { type: "stdin_target_resolved", tool_call_id, exec_tool_call_id },
    requires: [
      dependencyKey.tool(tool_call_id),
      dependencyKey.tool(exec_tool_call_id),
    ],
    provides: [],
  };
}

/** The recording is complete: nothing follows. */
export const RECORDING_COMPLETED: PendingEvent = Object.freeze<PendingEvent>({
  context: NO_CONTEXT,
  event: { type: "recording_completed" },
  requires: [],
  provides: [],
});
