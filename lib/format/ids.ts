/**
 * Ids of objects: one alias for every id space, and one function for every id that the reducer or
 * the recorder makes.
 *
 * All ids are strings on disk. An alias names the space of an id.
 *
 * @module
 */

/** Id of a thread: a UUID given by the host. */
export type ThreadId = string;
/** Id of one Codex turn, given by the host. */
export type CodexTurnId = string;
/** Id of an item the model saw: `conversation_item:<n>`, in order of creation. */
export type ConversationItemId = string;
/** Id of one request to a model and its answer. */
export type InferenceCallId = string;
/** Id of a tool call; for calls of the model usually its call id. */
export type ToolCallId = string;
/** Id under which the model knows a call and its output. */
export type ModelVisibleCallId = string;
/** Id of a code cell: `code_cell:<model visible call id>`. */
export type CodeCellId = string;
/** Id of a cell, assigned by the code runtime; unique within a thread. */
export type RuntimeCellId = string;
/** Id of a terminal session: `terminal_session:<operation id of its creator>`. */
export type TerminalId = string;
/** Id of a terminal operation: `terminal_operation:<n>`. */
export type TerminalOperationId = string;
/** Id of a compaction. */
export type CompactionId = string;
/** Id of one request made for a compaction: `compaction_request:<n>`. */
export type CompactionRequestId = string;
/** Id of an edge between threads, tool calls and items. */
export type EdgeId = string;
/** Id of a payload file: `raw_payload:<n>`. */
export type RawPayloadId = string;

/** Id of the `ordinal`-th conversation item, counted from 1 over the rollout. */
export function conversationItemId(ordinal: number): ConversationItemId {
  return `conversation_item:${ordinal}`;
}

/** Id of the `ordinal`-th terminal operation, counted from 1 over the rollout. */
export function terminalOperationId(ordinal: number): TerminalOperationId {
  return `terminal_operation:${ordinal}`;
}

/** Id of the terminal session that `creator` opened. */
export function terminalSessionId(creator: TerminalOperationId): TerminalId {
  return `terminal_session:${creator}`;
}

/** Id of the code cell that the model asked for with call id `callId`. */
export function codeCellId(callId: ModelVisibleCallId): CodeCellId {
  return `code_cell:${callId}`;
}

/** Id of the edge by which `parent` spawned `child`. */
export function spawnEdgeId(parent: ThreadId, child: ThreadId): EdgeId {
  return `edge:spawn:${parent}:${child}`;
}

/** Id of the edge that a tool call other than a spawn makes. */
export function toolEdgeId(toolCallId: ToolCallId): EdgeId {
  return `edge:tool:${toolCallId}`;
}

/** Id of the edge by which a child's turn reports its result to its parent. */
export function agentResultEdgeId(
  child: ThreadId,
  childTurn: CodexTurnId,
  parent: ThreadId,
): EdgeId {
  return `edge:agent_result:${child}:${childTurn}:${parent}`;
}

/** Id of the `ordinal`-th payload file of a bundle, counted from 1. */
export function rawPayloadId(ordinal: number): RawPayloadId {
  return `raw_payload:${ordinal}`;
}

/** Id of the `ordinal`-th compaction request, counted from 1. */
export function compactionRequestId(ordinal: number): CompactionRequestId {
  return `compaction_request:${ordinal}`;
}
